"""Times that a seller has opened, and who has booked them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import BookingId, ListingId, MemberId, OrderId, SlotId, new_id
from app.market.fulfilment.values import MAX_PLACE_LENGTH
from app.platform.database import Model, UtcDateTime


class ServiceSlot(Model):
    """One time of a service. It is free while no booking has it; of two who want it one gets it."""

    __tablename__ = "service_slot"

    id: Mapped[SlotId] = mapped_column(String(26), primary_key=True, default=new_id)
    listing_id: Mapped[ListingId] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancel_hours: Mapped[int]
    place: Mapped[str] = mapped_column(String(MAX_PLACE_LENGTH))
    booking_id: Mapped[BookingId | None] = mapped_column(String(26), unique=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_later"),
        CheckConstraint("booking_id IS NULL OR closed_at IS NULL", name="booked_is_open"),
        UniqueConstraint("listing_id", "starts_at"),
        Index("ix_service_slot_seller_id_starts_at", "seller_id", "starts_at"),
    )


class Booking(Model):
    """Somebody has a time. When that is stands here too, so that a calendar is one range of an index."""

    __tablename__ = "booking"

    id: Mapped[BookingId] = mapped_column(String(26), primary_key=True, default=new_id)
    slot_id: Mapped[SlotId] = mapped_column(ForeignKey("service_slot.id", ondelete="CASCADE"), index=True)
    # Written in the transaction that makes both.
    order_id: Mapped[OrderId | None] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"), unique=True)
    buyer_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_slot_id: Mapped[SlotId | None] = mapped_column(
        ForeignKey("service_slot.id", ondelete="SET NULL"), index=True
    )
    proposed_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    buyer_missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seller_missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (
        CheckConstraint("buyer_id <> seller_id", name="not_self"),
        Index("ix_booking_buyer_id_starts_at", "buyer_id", "starts_at"),
        Index("ix_booking_seller_id_starts_at", "seller_id", "starts_at"),
        Index(
            "ix_booking_to_remind",
            "starts_at",
            sqlite_where=text("reminded_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("reminded_at IS NULL AND cancelled_at IS NULL"),
        ),
    )
