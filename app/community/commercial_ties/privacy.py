"""What ties keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.community.commercial_ties.models import CommercialTie
from app.kernel.ids import MemberId
from app.platform.database import db

NAME = "ties"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """To whom the member is tied, and how."""
    query = select(CommercialTie).where(CommercialTie.member_id == ident)
    return [
        {"to": f"{row.party_kind}:{row.party_id}", "role": row.role, "since": row.since.isoformat()}
        for row in db.session.scalars(query)
    ]


def erase(ident: MemberId) -> None:
    """Ties end with the person."""
    db.session.execute(delete(CommercialTie).where(CommercialTie.member_id == ident))
