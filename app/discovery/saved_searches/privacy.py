"""What saved searches say of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.discovery.saved_searches.models import SavedSearch
from app.kernel.ids import MemberId
from app.platform.database import db

NAME = "saved_searches"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What the member looks for."""
    own = select(SavedSearch.asked, SavedSearch.cadence, SavedSearch.created_at)
    rows = db.session.execute(own.where(SavedSearch.member_id == ident).order_by(SavedSearch.id))
    return [{"search": row.asked, "alerts": row.cadence, "at": row.created_at.isoformat()} for row in rows]


def erase(ident: MemberId) -> None:
    """All of them; what they found goes with them."""
    db.session.execute(delete(SavedSearch).where(SavedSearch.member_id == ident))
