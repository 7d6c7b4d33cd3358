"""Reads of material ties."""

from __future__ import annotations

from sqlalchemy import select

from app.community.ties.models import ItemParty, MaterialTie
from app.community.ties.values import TieRole
from app.kernel.subjects import Subject
from app.platform.database import db


def tie_to(member_id: int, item_id: str) -> TieRole | None:
    """What ties the member to somebody who offers the item; owning weighs more than speaking for."""
    query = (
        select(MaterialTie.role)
        .join(
            ItemParty,
            (ItemParty.party_kind == MaterialTie.party_kind)
            & (ItemParty.party_id == MaterialTie.party_id),
        )
        .where(MaterialTie.member_id == member_id, ItemParty.item_id == item_id)
        .order_by(MaterialTie.role.desc())
        .limit(1)
    )
    found = db.session.scalar(query)
    return TieRole(found) if found else None


def tied_to(member_id: int, party: Subject) -> bool:
    """Whether anything ties the member to the party itself."""
    query = select(MaterialTie.role).where(
        MaterialTie.member_id == member_id,
        MaterialTie.party_kind == party.kind,
        MaterialTie.party_id == party.id,
    )
    return db.session.scalar(query.limit(1)) is not None
