"""How a thing is paid for, and how far its money is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.kernel.ids import MemberId, PaymentId
from app.kernel.money import Money
from app.kernel.subjects import Subject


class Method(StrEnum):
    """The first two pass the house by: they are promised and confirmed, never held."""

    IN_PERSON = "in_person"
    BANK_TRANSFER = "bank_transfer"
    CARD = "card"


PROMISED: Final = frozenset({Method.IN_PERSON, Method.BANK_TRANSFER})


class State(StrEnum):
    """How far a payment is."""

    EXPECTED = "expected"  # by card, and not paid yet
    PROMISED = "promised"  # from hand to hand, and not confirmed yet
    PAID = "paid"  # confirmed; by card: with the house, until it is released
    RELEASED = "released"  # the seller's
    REFUNDED = "refunded"  # wholly the buyer's again
    CANCELLED = "cancelled"  # never paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be paid for a thing, by whom to whom, how, and until when."""

    subject: Subject
    buyer_id: MemberId
    seller_id: MemberId
    total: Money
    method: Method
    until: datetime


class Paid(StrEnum):
    NONE = "none"
    PROMISED = "promised"
    FULL = "full"


class Refunded(StrEnum):
    NONE = "none"
    PART = "part"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """A payment as pages and other rooms read it.

    `refund_due` is what the seller has promised to give back and the buyer has not confirmed yet.
    """

    id: PaymentId
    subject: Subject
    buyer_id: MemberId
    seller_id: MemberId
    total: Money
    method: Method
    state: State
    refunded: Money
    refund_due: Money
    commission_ppm: int
    commission: Money  # of the whole
    buyer_said_at: datetime | None
    seller_said_at: datetime | None
    until: datetime

    @property
    def paid(self) -> Paid:
        if self.state in (State.EXPECTED, State.CANCELLED):
            return Paid.NONE
        return Paid.PROMISED if self.state is State.PROMISED else Paid.FULL

    @property
    def refund_state(self) -> Refunded:
        if not self.refunded:
            return Refunded.NONE
        return Refunded.FULL if self.refunded == self.total else Refunded.PART

    @property
    def held(self) -> bool:
        """Whether the money is with the house: the only time that anybody may call it so."""
        return self.method is Method.CARD and self.state is State.PAID
