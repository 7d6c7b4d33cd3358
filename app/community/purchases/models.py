"""Evidence that a member has bought an item."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.community.purchases.values import PurchaseState
from app.kernel.clock import clock
from app.kernel.ids import ItemId, MemberId, PurchaseId, new_id
from app.platform.database import Model, UtcDateTime


class PurchaseEvidence(Model):
    """`occasion` names where it comes from (`store:…`, `operator`, later `order:…`), once for each pair."""

    __tablename__ = "purchase_evidence"

    id: Mapped[PurchaseId] = mapped_column(String(26), primary_key=True, default=new_id)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    item_id: Mapped[ItemId] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), index=True)
    occasion: Mapped[str] = mapped_column(String(60))
    recorded_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # By whoever recorded it; whether it is in force, the state says as well.
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(
        String(10), default=PurchaseState.CLAIMED.value, server_default=PurchaseState.CLAIMED.value
    )
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("member_id", "item_id", "occasion"),)
