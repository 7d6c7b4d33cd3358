"""A guess from a title: by the vocabulary's words, and by what members have filed under the same words."""

from __future__ import annotations

from flask_babel import get_locale
from sqlalchemy import select

from app.discovery.categories.queries.guess import guess, title_words
from app.kernel.vocabulary import OTHER
from app.market.listings.models import Listing
from app.platform.database import db
from app.platform.search.index import find_each
from app.platform.search.words import question
from app.platform.vocabulary.reading import vocabulary

KIND = "listing"
EACH = 20  # the newest listings that are asked for each word


def category_of(title: str) -> str | None:
    """The key of the category that the title speaks of, None where it is not clear; two statements."""
    asked = title_words(title)
    finds = find_each(KIND, [question(word) for word in asked], each=EACH)
    rows = db.session.execute(
        select(Listing.id, Listing.category, Listing.title).where(
            Listing.id.in_({ref for _number, ref in finds}), Listing.category != OTHER
        )
    )
    filed = {row.id: (row.category, set(title_words(row.title))) for row in rows}
    # Words of descriptions find listings too; only those with the word in the title say what it is.
    told = [(number, filed[ref][0]) for number, ref in finds if ref in filed and asked[number] in filed[ref][1]]
    return guess(title, vocabulary(), str(get_locale() or "en"), told, asked=asked)
