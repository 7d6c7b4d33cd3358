"""What is to be paid for a thing, and how far that is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import Index

from app.kernel.clock import clock
from app.kernel.ids import HoldId, MemberId, PaymentId, PostingId, new_id
from app.kernel.money import Money
from app.payments.escrow.values import Method, State
from app.platform.database import Model, UtcDateTime
from app.platform.money_columns import money_composite


class PaymentRow(Model):
    """One for each thing that is paid for; where the money is, the ledger says."""

    __tablename__ = "payment"

    id: Mapped[PaymentId] = mapped_column(String(26), primary_key=True, default=new_id)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(40))
    buyer_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    method: Mapped[Method] = mapped_column(String(20))
    state: Mapped[State] = mapped_column(String(12))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    # The rate at which it is taken, in millionths: what comes later changes nothing here.
    commission_ppm: Mapped[int] = mapped_column(default=0)
    refunded_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    # Of what was released, before the commission.
    released_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    hold_id: Mapped[HoldId | None] = mapped_column(ForeignKey("ledger_posting.id"), index=True)
    refund_due_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    posting_id: Mapped[PostingId | None] = mapped_column(ForeignKey("ledger_posting.id"), index=True)
    # How the provider calls it.
    provider_ref: Mapped[str | None] = mapped_column(String(80), unique=True)
    buyer_said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seller_said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    total: Mapped[Money] = money_composite("amount_minor", "currency")

    __table_args__ = (
        Index("uq_payment_subject", "subject_kind", "subject_id", unique=True),
        CheckConstraint("refunded_minor <= amount_minor", name="refunded"),
    )
