"""What items tell of a person."""

from __future__ import annotations

from sqlalchemy import select

from app.community.items.models import Item
from app.community.items.values import ItemKind
from app.kernel.ids import MemberId
from app.platform.database import db

NAME = "items"


def export(ident: MemberId) -> list[dict[str, str]]:
    """The items that the member added, as they stand now."""
    query = (
        select(Item.id, Item.title, Item.created_at)
        .where(Item.created_by == ident, Item.kind.in_([kind.value for kind in ItemKind]))
        .order_by(Item.created_at, Item.id)
    )
    return [
        {"id": row.id, "title": row.title, "added_at": row.created_at.isoformat()} for row in db.session.execute(query)
    ]


def erase(ident: MemberId) -> None:
    """Items belong to all: they stay, added by an account without a name."""
