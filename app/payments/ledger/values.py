"""What money lies on and what moves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.kernel.ids import HoldId, MemberId, PostingId
from app.kernel.money import Money
from app.kernel.subjects import Subject

MAX_KEY_LENGTH: Final = 120
MAX_LEGS: Final = 100


class AccountKind(StrEnum):
    """Members' accounts have an owner, those of the house have none.

    A balance is what was credited less what was debited: what the house owes is positive, what it has
    (at a provider, in its bank) is negative.
    """

    OUTSIDE = "outside"  # a member's own purse and bank: what they pay each other directly
    ESCROW = "escrow"  # what a buyer has paid and nobody has earned yet
    PAYABLE = "payable"  # what a seller has earned and not been paid out
    COMMISSION = "commission"  # what the house has earned
    PROVIDER = "provider"  # what lies at the payment provider
    PROVIDER_FEES = "provider_fees"  # what the provider has kept for itself
    BANK = "bank"  # what has left the house's bank account, or come in


HOUSE: Final = frozenset({AccountKind.COMMISSION, AccountKind.PROVIDER, AccountKind.PROVIDER_FEES, AccountKind.BANK})


class Movement(StrEnum):
    """Why money moves, as a statement says it."""

    PAYMENT = "payment"
    DEPOSIT = "deposit"
    GUARANTEE = "guarantee"
    RELEASE = "release"
    COMMISSION = "commission"
    REFUND = "refund"
    COMMISSION_REFUND = "commission_refund"
    CHARGEBACK = "chargeback"
    CHARGEBACK_WON = "chargeback_won"
    PROVIDER_FEE = "provider_fee"
    PAYOUT = "payout"
    CORRECTION = "correction"


class Phase(StrEnum):
    """Moved at once; or set aside, and later moved (wholly or in part) or let go: each is a row of its own."""

    SINGLE = "single"
    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"


MOVED: Final = frozenset({Phase.SINGLE, Phase.POSTED})


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account by what it is for; it is opened when it is first used, once for each currency."""

    kind: AccountKind
    owner_id: MemberId | None = None

    def code(self, currency: str) -> str:
        """The account's one name."""
        return f"{self.kind}:{self.owner_id or '-'}:{currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One movement from the debited account to the credited one; always of one currency, so always balanced.

    `member` is who caused it, `rate_ppm` the rate of a commission in millionths, `reverses` the posting that
    this one gives back, wholly or in part.
    """

    debit: AccountRef
    credit: AccountRef
    money: Money
    kind: Movement
    subject: Subject
    member: MemberId | None = None
    rate_ppm: int | None = None
    reverses: PostingId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A posting with both its ends; `settles` names the hold that it ends, `reverses` what it gives back."""

    id: PostingId
    at: datetime
    debit: AccountRef
    credit: AccountRef
    amount: Money
    kind: Movement
    phase: Phase
    settles: HoldId | None
    reverses: PostingId | None
    rate_ppm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """Where an account stands: what is there, what of it is set aside, and what may come."""

    balance: Money
    held: Money
    coming: Money

    @property
    def available(self) -> Money:
        return self.balance - self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a statement: `amount` is what the account gained or lost, `balance` where it stood then."""

    id: PostingId
    at: datetime
    account: AccountKind
    amount: Money
    kind: Movement
    phase: Phase
    subject: Subject
    balance: Money
