"""Proposals that two items are one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.community.item_merges.values import MAX_WHY_LENGTH, MergeStatus
from app.kernel.clock import clock
from app.kernel.ids import ItemId, MemberId, MergeId, new_id
from app.platform.database import Model, UtcDateTime


class ItemMerge(Model):
    """`gone_id` is said to be the same as `kept_id`, which would stay."""

    __tablename__ = "item_merge"

    id: Mapped[MergeId] = mapped_column(String(26), primary_key=True, default=new_id)
    kept_id: Mapped[ItemId] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), index=True)
    gone_id: Mapped[ItemId] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), index=True)
    # Both ids in order while the proposal is open, so that a pair is proposed once at a time.
    open_pair: Mapped[str | None] = mapped_column(String(53), unique=True)
    proposer_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    why: Mapped[str] = mapped_column(String(MAX_WHY_LENGTH), default="")
    status: Mapped[str] = mapped_column(String(10), default=MergeStatus.OPEN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    decided_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("kept_id <> gone_id", name="two_items"),
        Index("ix_item_merge_status_id", "status", "id"),
    )
