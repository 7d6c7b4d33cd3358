"""Who is tied to a seller, and what a seller offers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import ItemId, MemberId
from app.platform.database import Model, UtcDateTime


class CommercialTie(Model):
    """A member has something to gain from a party: speaks for it, or owns it."""

    __tablename__ = "material_tie"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    party_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    party_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (Index("ix_material_tie_party_kind_party_id", "party_kind", "party_id"),)


class ItemParty(Model):
    """The party has the item to sell, or is itself what the item stands for."""

    __tablename__ = "item_party"

    item_id: Mapped[ItemId] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    party_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    party_id: Mapped[str] = mapped_column(String(40), primary_key=True)

    __table_args__ = (Index("ix_item_party_party_kind_party_id", "party_kind", "party_id"),)
