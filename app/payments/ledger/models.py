"""Accounts, the postings between them, and which of what was set aside is open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import AccountId, HoldId, MemberId, PostingId
from app.kernel.money import Money
from app.payments.ledger.values import MAX_KEY_LENGTH, AccountKind, Movement, Phase
from app.platform.append_only import append_only
from app.platform.database import BigId, Model, UtcDateTime
from app.platform.money_columns import money_composite


class Account(Model):
    """What somebody has of one currency for one purpose; its sums are those of its postings, kept up by each."""

    __tablename__ = "ledger_account"

    id: Mapped[AccountId] = mapped_column(BigId, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[AccountKind] = mapped_column(String(20))
    owner_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    currency: Mapped[str] = mapped_column(String(3))
    balance_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    held_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    coming_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    overdraft_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    balance: Mapped[Money] = money_composite("balance_minor", "currency")


class Posting(Model):
    """An amount from one account to another: balanced by its form. Never changed, never taken out.

    Where both accounts stood afterwards is kept, so that a statement opens at any date without adding up.
    """

    __tablename__ = "ledger_posting"

    id: Mapped[PostingId] = mapped_column(BigId, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY_LENGTH))
    leg: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[Movement] = mapped_column(String(20))
    phase: Mapped[Phase] = mapped_column(String(10))
    debit_id: Mapped[AccountId] = mapped_column(ForeignKey("ledger_account.id"))
    credit_id: Mapped[AccountId] = mapped_column(ForeignKey("ledger_account.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    debit_balance: Mapped[int] = mapped_column(BigInteger)
    credit_balance: Mapped[int] = mapped_column(BigInteger)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    rate_ppm: Mapped[int | None]
    # Of what was set aside: what became of it, once.
    settles_id: Mapped[HoldId | None] = mapped_column(ForeignKey("ledger_posting.id"), unique=True)
    reverses_id: Mapped[PostingId | None] = mapped_column(ForeignKey("ledger_posting.id"), index=True)

    amount: Mapped[Money] = money_composite("amount_minor", "currency")

    __table_args__ = (
        Index("uq_ledger_posting_key_leg", "key", "leg", unique=True),
        Index("ix_ledger_posting_debit_id_at", "debit_id", "at", "id"),
        Index("ix_ledger_posting_credit_id_at", "credit_id", "at", "id"),
        Index("ix_ledger_posting_subject", "subject_kind", "subject_id"),
        CheckConstraint("amount_minor > 0", name="positive"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
    )


class OpenHold(Model):
    """What is set aside at this moment, by when it ends; whoever deletes the row decides what becomes of it."""

    __tablename__ = "ledger_open_hold"

    posting_id: Mapped[HoldId] = mapped_column(ForeignKey("ledger_posting.id"), primary_key=True, autoincrement=False)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


append_only(Posting)
