"""A person in the proposals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.community.item_merges.models import ItemMerge
from app.kernel.ids import MemberId
from app.platform.database import db

NAME = "merges"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What the member proposed."""
    query = select(ItemMerge).where(ItemMerge.proposer_id == ident).order_by(ItemMerge.id)
    return [
        {
            "keep": row.kept_id,
            "merge": row.gone_id,
            "why": row.why,
            "status": row.status,
            "at": row.created_at.isoformat(),
        }
        for row in db.session.scalars(query)
    ]


def erase(ident: MemberId) -> None:
    """The proposal stands, for it is about things; who made it, and their words, do not."""
    mine = update(ItemMerge).where(ItemMerge.proposer_id == ident)
    db.session.execute(mine.values(proposer_id=None, why=""))
