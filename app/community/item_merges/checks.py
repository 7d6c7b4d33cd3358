"""What must hold of merged items."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.platform.database import db

_into = aliased(Item)
_other = aliased(Recommendation)


def run() -> list[str]:
    """A merged item leads to its place in one step, is gone itself, and no word was left behind."""
    chained = select(Item.id).join(_into, _into.id == Item.merged_into_id).where(_into.merged_into_id.is_not(None))
    standing = select(Item.id).where(Item.merged_into_id.is_not(None), Item.removed_at.is_(None))
    left = (
        select(Recommendation.id)
        .join(Item, Item.id == Recommendation.item_id)
        .where(
            Item.merged_into_id.is_not(None),
            Recommendation.removed_at.is_(None),
            ~exists().where(
                _other.item_id == Item.merged_into_id,
                _other.member_id == Recommendation.member_id,
            ),
        )
    )
    return [
        *(f"item {one}: leads to an item that was merged itself" for one in db.session.scalars(chained)),
        *(f"item {one}: is merged and still shown" for one in db.session.scalars(standing)),
        *(f"recommendation {one}: was left behind at a merged item" for one in db.session.scalars(left)),
    ]


CHECKS = {"merges": run}
