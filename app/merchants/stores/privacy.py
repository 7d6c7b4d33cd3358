"""What stores keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.merchants.stores.models import Store
from app.platform.database import db

NAME = "stores"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """The member's own store."""
    query = select(Store).where(Store.owner_id == ident)
    return [{"name": row.name, "slug": row.slug, "about": row.about} for row in db.session.scalars(query)]


def erase(ident: MemberId) -> None:
    """A store without its merchant closes."""
    db.session.execute(
        update(Store).where(Store.owner_id == ident, Store.closed_at.is_(None)).values(closed_at=clock.now(), about="")
    )
