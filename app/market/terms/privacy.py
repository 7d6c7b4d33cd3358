"""What a seller has chosen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from app.kernel.ids import MemberId
from app.market.terms.models import SellerTerms
from app.platform.database import db

NAME = "terms"


def export(ident: MemberId) -> dict[str, Any]:
    """The choice, if there is one."""
    row = db.session.get(SellerTerms, ident)
    if row is None:
        return {"terms": None}
    names = ("steps", "ways", "beyond", "percent", "verified")
    return {"terms": {name: getattr(row, name) for name in names}}


def erase(ident: MemberId) -> None:
    """It goes with the person."""
    db.session.execute(delete(SellerTerms).where(SellerTerms.member_id == ident))
