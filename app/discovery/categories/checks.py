"""What must hold of the vocabulary, and of the words that are kept."""

from __future__ import annotations

from sqlalchemy import CompoundSelect, literal, select, union_all

from app.community.items.models import Item
from app.community.questions.models import Question
from app.kernel.vocabulary import OTHER
from app.market.listings.models import Listing
from app.platform.database import db
from app.platform.vocabulary.reading import vocabulary
from app.platform.vocabulary.tables import Category
from app.trust.vouches.models import Vouch


def run() -> list[str]:
    """Every category is reached from the top, listings have one, and what has a key is kept by it."""
    known = vocabulary()
    lost = set(db.session.scalars(select(Category.key))) - known.entries.keys()
    found = [f"category {key}: it is below itself" for key in sorted(lost)]
    if OTHER not in known.offered:
        found.append(f"category {OTHER}: listings that name none need it")
    for where, word in db.session.execute(_kept()):
        if known.canonical(word) != word:
            found.append(f"{where}: “{word}” stands for the category {known.canonical(word)}")
        elif where == "listing" and word not in known.entries:
            found.append(f"{where}: “{word}” is no category")
    return found


def _kept() -> CompoundSelect[str, str]:
    """Where which words are kept, each once."""
    columns = (("listing", Listing.category), ("item", Item.category), ("ask", Question.topic), ("vouch", Vouch.topic))
    return union_all(*(select(literal(name), column).distinct().where(column != "") for name, column in columns))


CHECKS = {"categories": run}
