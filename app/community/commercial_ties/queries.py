"""Reads of material ties."""

from __future__ import annotations

from sqlalchemy import select

from app.community.commercial_ties.models import CommercialTie, ItemParty
from app.community.commercial_ties.values import CommercialRole
from app.kernel.ids import ItemId, MemberId
from app.kernel.subjects import Subject
from app.platform.database import db


def tie_to(member_id: MemberId, item_id: ItemId) -> CommercialRole | None:
    """What ties the member to somebody who offers the item; owning weighs more than speaking for."""
    query = (
        select(CommercialTie.role)
        .join(
            ItemParty,
            (ItemParty.party_kind == CommercialTie.party_kind) & (ItemParty.party_id == CommercialTie.party_id),
        )
        .where(CommercialTie.member_id == member_id, ItemParty.item_id == item_id)
        .order_by(CommercialTie.role.desc())
        .limit(1)
    )
    found = db.session.scalar(query)
    return CommercialRole(found) if found else None


def tied_to(member_id: MemberId, party: Subject) -> bool:
    """Whether anything ties the member to the party itself."""
    query = select(CommercialTie.role).where(
        CommercialTie.member_id == member_id,
        CommercialTie.party_kind == party.kind,
        CommercialTie.party_id == party.id,
    )
    return db.session.scalar(query.limit(1)) is not None
