"""Cases, and what was said and done in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import CaseId, MemberId, OrderId, PhotoId, new_id
from app.kernel.money import Money
from app.market.cases.values import MAX_CARRIER_LENGTH, MAX_TEXT_LENGTH, MAX_TRACKING_LENGTH
from app.platform.database import Model, UtcDateTime
from app.platform.money_columns import money_composite

_GOES_ON = text("ended_at IS NULL")


class OrderCase(Model):
    """Something is wrong with an order. While it is open the order waits."""

    __tablename__ = "order_case"

    id: Mapped[CaseId] = mapped_column(String(26), primary_key=True, default=new_id)
    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"), index=True)
    buyer_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    opener: Mapped[str] = mapped_column(String(10))  # buyer or seller
    wants: Mapped[str] = mapped_column(String(12))
    wanted_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    wanted: Mapped[Money] = money_composite("wanted_minor", "currency")
    # Not handed over or sent when it was opened: it ends as if it had not been ordered.
    sent: Mapped[bool]
    state: Mapped[str] = mapped_column(String(14))
    steps: Mapped[int] = mapped_column(default=1)
    proposal_seq: Mapped[int | None]
    asked_by: Mapped[str | None] = mapped_column(String(10))
    mediator_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    moderator_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    outcome_way: Mapped[str | None] = mapped_column(String(10))
    outcome_minor: Mapped[int | None] = mapped_column(BigInteger)
    outcome_quantity: Mapped[int | None]
    decided_by: Mapped[str | None] = mapped_column(String(10))
    # Who has to do something: their parts, joined by a space.
    waits_for: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("buyer_id <> seller_id", name="not_self"),
        CheckConstraint("mediator_id <> buyer_id AND mediator_id <> seller_id", name="no_party_mediates"),
        CheckConstraint("moderator_id <> buyer_id AND moderator_id <> seller_id", name="no_party_decides"),
        # One at a time for each order.
        Index("uq_order_case_open", "order_id", unique=True, sqlite_where=_GOES_ON, postgresql_where=_GOES_ON),
        Index("ix_order_case_buyer_id_id", "buyer_id", "id"),
        Index("ix_order_case_seller_id_id", "seller_id", "id"),
        Index("ix_order_case_mediator_id_id", "mediator_id", "id"),
        # What every page counts.
        *(
            Index(f"ix_order_case_open_{who}", f"{who}_id", sqlite_where=_GOES_ON, postgresql_where=_GOES_ON)
            for who in ("buyer", "seller", "mediator")
        ),
        Index(
            "ix_order_case_queue",
            "id",
            sqlite_where=text("state = 'moderator'"),
            postgresql_where=text("state = 'moderator'"),
        ),
    )


class CaseStep(Model):
    """One thing that was said or done, by whom and when; never changed."""

    __tablename__ = "case_step"

    case_id: Mapped[CaseId] = mapped_column(ForeignKey("order_case.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    actor_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    who: Mapped[str] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(String(14))
    text: Mapped[str] = mapped_column(Text, default="")
    way: Mapped[str | None] = mapped_column(String(10))
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    quantity: Mapped[int | None]
    carrier: Mapped[str] = mapped_column(String(MAX_CARRIER_LENGTH), default="")
    tracking: Mapped[str] = mapped_column(String(MAX_TRACKING_LENGTH), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (CheckConstraint(f"length(text) <= {MAX_TEXT_LENGTH}", name="text_length"),)


class CasePhoto(Model):
    """A photo that came with a step."""

    __tablename__ = "case_photo"

    case_id: Mapped[CaseId] = mapped_column(ForeignKey("order_case.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    photo_id: Mapped[PhotoId] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]
