"""Where members are paid, and what was sent there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId, PayoutRunId
from app.platform.database import Model, UtcDateTime


class PayoutAccount(Model):
    """One bank account for each member; buyers who pay by transfer are shown it."""

    __tablename__ = "payout_account"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(70))
    iban: Mapped[str] = mapped_column(String(34))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Payout(Model):
    """One seller's part of a run: what the file for the bank says."""

    __tablename__ = "payout"

    run_id: Mapped[PayoutRunId] = mapped_column(String(26), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id"), primary_key=True, autoincrement=False, index=True
    )
    holder: Mapped[str] = mapped_column(String(70))
    iban: Mapped[str] = mapped_column(String(34))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
