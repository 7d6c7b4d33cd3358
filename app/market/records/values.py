"""What a record counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.market.orders.values import Action, Delivery, Payment, Stage, Who


class Bucket(StrEnum):
    """How reliable somebody was, in words of few numbers."""

    NEW = "new"
    GOOD = "good"
    MIXED = "mixed"
    POOR = "poor"


class Credit(StrEnum):
    """What a good record can bring a buyer."""

    NO_DEPOSIT = "no_deposit"
    PAY_AFTER_RECEIPT = "pay_after_receipt"
    HIGHER_LIMIT = "higher_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of one side of one order each is 0 or 1; of a record they are added up.

    `on_time` and `late`: paid, of a buyer; sent or handed over, of a seller. `missed`: their time ran out.
    """

    completed: int = 0
    cancelled: int = 0  # by them, after both had agreed
    on_time: int = 0
    late: int = 0
    missed: int = 0
    no_show: int = 0
    lost: int = 0  # cases

    def plus(self, other: Counts, sign: int = 1) -> Counts:
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: mine[name] + sign * theirs[name] for name in mine})

    @property
    def promised(self) -> int:
        """How many times they had something to do by a time."""
        return self.on_time + self.late + self.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One line of an order's history."""

    action: Action
    who: Who
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """All of an order that a record is made of. `given_back`: all of the price, by a case."""

    stage: Stage
    delivery: Delivery
    payment: Payment
    created_at: datetime
    steps: Sequence[Done]
    given_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long an answer, a transfer and sending may take, and by when it is sent in time."""

    answer: timedelta
    transfer: timedelta
    shipment: timedelta
    sent_soon: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditStep:
    """What it takes, and whether somebody is there; `lacks`: so many completed purchases are missing."""

    credit: Credit
    completed: int
    percent: int
    reached: bool = False
    lacks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """A record as the person and others see it."""

    role: Who
    counts: Counts
    bucket: Bucket
    credit: Sequence[CreditStep] = ()
