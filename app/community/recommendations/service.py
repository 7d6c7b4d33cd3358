"""Saying what one thinks of an item, and taking it back."""

from __future__ import annotations

import math
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.community.items.queries import get_item
from app.community.recommendations.events import RecommendationGiven, RecommendationRemoved
from app.community.recommendations.models import Recommendation
from app.community.recommendations.values import LONGEST_TEXT, OWN_SCALE, Disclosure, Stance
from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.ids import new_id
from app.people.accounts.queries import require_active
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.markup import clean_text


def recommend(
    actor: int,
    item_id: str,
    stance: str,
    *,
    text: str | None = None,
    rating: float | None = None,
    disclosure: str = Disclosure.NONE,
) -> str:
    """The member's word on an item, in place of an earlier one; answers its id.

    `rating` is from 1 to 5. Raises `Invalid`, `NotFound` or `Forbidden`.
    """
    if stance not in set(Stance):
        raise Invalid(_("Please choose: recommend, neutral or avoid."), code="bad_stance")
    if disclosure not in set(Disclosure):
        raise Invalid(_("Please say whether you got something for it."), code="bad_disclosure")
    low, high = OWN_SCALE
    if rating is not None and not (math.isfinite(rating) and low <= rating <= high):
        raise Invalid(_("A rating is from 1 to 5."), code="bad_rating")
    words = clean_text(text or "", LONGEST_TEXT)
    now = clock.now()
    with unit_of_work() as work:
        require_active(actor)
        get_item(item_id)
        values = {
            "stance": stance,
            "rating": rating,
            "rating_low": None if rating is None else low,
            "rating_high": None if rating is None else high,
            "text": words,
            "disclosure": disclosure,
            "updated_at": now,
            "removed_at": None,
        }
        statement = (
            _insert()
            .values(id=new_id(), item_id=item_id, member_id=actor, created_at=now, **values)
            .on_conflict_do_update(index_elements=["item_id", "member_id"], set_=values)
            .returning(Recommendation.id)
        )
        ident: str = db.session.execute(statement).scalar_one()
        work.record(
            RecommendationGiven(
                recommendation_id=ident, item_id=item_id, member_id=actor, stance=stance
            )
        )
    return ident


def take_back(actor: int, recommendation_id: str) -> None:
    """The author removes it; raises `NotFound` or `Forbidden`."""
    with unit_of_work() as work:
        require_active(actor)
        author = db.session.scalar(
            select(Recommendation.member_id).where(
                Recommendation.id == recommendation_id, Recommendation.removed_at.is_(None)
            )
        )
        if author is None:
            raise NotFound(_("There is no such recommendation."))
        if author != actor:
            raise Forbidden(_("Only its author can take a recommendation back."))
        _remove(work, recommendation_id)


def remove_by_moderator(recommendation_id: str) -> None:
    """After a moderator's decision; doing it again changes nothing."""
    with unit_of_work() as work:
        _remove(work, recommendation_id)


def _remove(work: UnitOfWork, recommendation_id: str) -> None:
    row = db.session.execute(
        update(Recommendation)
        .where(Recommendation.id == recommendation_id, Recommendation.removed_at.is_(None))
        .values(removed_at=clock.now())
        .returning(Recommendation.item_id, Recommendation.member_id)
    ).one_or_none()
    if row is not None:
        work.record(
            RecommendationRemoved(
                recommendation_id=recommendation_id, item_id=row.item_id, member_id=row.member_id
            )
        )


def _insert() -> Any:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(Recommendation)
