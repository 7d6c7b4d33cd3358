"""Stages, actions and the small values of an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from app.kernel.errors import N_
from app.kernel.ids import ConversationId, MemberId, OrderGroupId, OrderId, PhotoId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.fulfilment.values import Handing
from app.people.profiles.values import MemberCard

MAX_REASON_LENGTH = 500
MAX_ADDRESS_LENGTH = 400
# `source_kind` of what the seller has set aside for somebody.
BY_SELLER = "seller"
# So long after an order is completed the two can review each other.
REVIEW_FOR = timedelta(days=14)


class Stage(StrEnum):
    """How far an order is."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    HANDED_OVER = "handed_over"
    SHIPPED = "shipped"
    RECEIVED = "received"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What somebody can do with an order; the last three are done by the clock or by a case."""

    CONFIRM = "confirm"
    PAY = "pay"
    MARK_PAID = "mark_paid"
    PROPOSE = "propose"
    AGREE = "agree"
    HAND_OVER = "hand_over"
    SHIP = "ship"
    RECEIVE = "receive"
    COMPLETE = "complete"
    CANCEL = "cancel"
    MARK_REFUNDED = "mark_refunded"
    OPEN_CASE = "open_case"
    REVIEW = "review"
    EXPIRE = "expire"
    FINISH = "finish"
    SETTLE = "settle"


class Who(StrEnum):
    """Who does it."""

    BUYER = "buyer"
    SELLER = "seller"
    CLOCK = "clock"
    CASE = "case"
    PROVIDER = "provider"  # where cards are paid


class Delivery(StrEnum):
    MEET = "meet"
    SHIP = "ship"


class Payment(StrEnum):
    IN_PERSON = "in_person"
    BANK_TRANSFER = "bank_transfer"
    CARD = "card"


# How it gets there and how it is paid, as one choice: whatever asks for it, an order or an offer, uses these words.
WAY_TEXTS: Final[Mapping[str, str]] = {
    "meet-in_person": N_("Meet and pay in person"),
    "meet-bank_transfer": N_("Meet, pay by bank transfer first"),
    "ship-bank_transfer": N_("Have it sent, pay by bank transfer first"),
}
CARD_WAY_TEXTS: Final[Mapping[str, str]] = {
    "meet-card": N_("Meet, pay by card first"),
    "ship-card": N_("Have it sent, pay by card first"),
}


class Paid(StrEnum):
    """How much of the price is known to have arrived; `promised`: the buyer says that it is on its way."""

    NONE = "none"
    PROMISED = "promised"
    PART = "part"
    FULL = "full"
    OVER = "over"


class Refunded(StrEnum):
    NONE = "none"
    PART = "part"
    FULL = "full"


class Due(StrEnum):
    """What an order waits for, and what runs out."""

    ANSWER = "answer"
    CARD = "card"
    TRANSFER = "transfer"
    RECEIPT = "receipt"
    TIME = "time"
    MEETING = "meeting"
    SHIPMENT = "shipment"
    ARRIVAL = "arrival"
    COMPLETION = "completion"


class LineKind(StrEnum):
    """What a line of an order of several things is about."""

    THING = "thing"
    DISCOUNT = "discount"  # its total is below zero
    SHIPPING = "shipping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One of several things in an order, or what is taken off or added; `total` is without the discount."""

    kind: LineKind
    title: str
    total: Money
    quantity: int = 1
    url: str = ""
    tax_rate: str | None = None
    tax: Money | None = None  # what of it is tax, after the discount

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "kind": self.kind.value,
            "title": self.title,
            "total_minor": self.total.minor,
            "currency": self.total.currency,
            "quantity": self.quantity,
            "url": self.url,
            "tax_rate": self.tax_rate,
            "tax_minor": None if self.tax is None else self.tax.minor,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Line:
        """From JSON."""
        currency = kept["currency"]
        return cls(
            kind=LineKind(kept["kind"]),
            title=kept["title"],
            total=Money(kept["total_minor"], currency),
            quantity=kept["quantity"],
            url=kept["url"],
            tax_rate=kept["tax_rate"],
            tax=None if kept["tax_minor"] is None else Money(kept["tax_minor"], currency),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The thing as it was when it was ordered: whatever the seller changes later, this is what was agreed."""

    title: str
    text: str
    url: str
    kind: str
    price: Money
    photo_ids: tuple[PhotoId, ...] = ()
    condition: str | None = None
    place: str = ""
    terms: str = ""
    tax_rate: str | None = None  # of a trader's price, as a decimal fraction
    lines: tuple[Line, ...] = ()  # where several things are ordered as one

    @property
    def tax(self) -> Money | None:
        """What of all lines is tax; None where none of them says."""
        taxes = [line.tax for line in self.lines if line.tax is not None]
        return sum(taxes[1:], taxes[0]) if taxes else None

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "title": self.title,
            "text": self.text,
            "url": self.url,
            "kind": self.kind,
            "price_minor": self.price.minor,
            "currency": self.price.currency,
            "photo_ids": list(self.photo_ids),
            "condition": self.condition,
            "place": self.place,
            "terms": self.terms,
            "tax_rate": self.tax_rate,
            "lines": [line.kept() for line in self.lines],
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Snapshot:
        """From JSON."""
        rest = {name: kept[name] for name in ("title", "text", "url", "kind", "condition", "place", "terms")}
        return cls(
            price=Money(kept["price_minor"], kept["currency"]),
            photo_ids=tuple(kept["photo_ids"]),
            tax_rate=kept["tax_rate"],
            lines=tuple(Line.read(one) for one in kept.get("lines", ())),
            **rest,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What is ordered and how. Who comes from an offer or a cart gives the `total` and has the seller's yes."""

    buyer_id: MemberId
    subject: Subject
    delivery: str = Delivery.MEET
    payment: str = Payment.IN_PERSON
    quantity: int = 1
    total: Money | None = None  # None: as asked for
    address: str = ""
    agreed: bool = False
    source_kind: str = ""  # empty: the thing itself
    source_id: str | None = None
    group_id: OrderGroupId | None = None
    conversation_id: ConversationId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What comes along with an action."""

    reason: str = ""
    code: str = ""
    carrier: str = ""
    tracking: str = ""
    at: datetime | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyState:
    """Where the money of an order is; derived, never written down as such."""

    total: Money
    paid: Money
    refunded: Money
    refund_due: Money  # promised back, and not confirmed by the buyer yet
    promised: bool = False
    commission: Money | None = None  # what the community keeps of a card payment

    @property
    def state(self) -> Paid:
        if not self.paid:
            if not self.total:
                return Paid.FULL
            return Paid.PROMISED if self.promised else Paid.NONE
        if self.paid == self.total:
            return Paid.FULL
        return Paid.PART if self.paid < self.total else Paid.OVER

    @property
    def earned(self) -> Money:
        """What of the total is the seller's when nothing goes back."""
        return self.total - self.commission if self.commission else self.total

    @property
    def refund_state(self) -> Refunded:
        if not self.refunded:
            return Refunded.NONE
        return Refunded.FULL if self.refunded >= self.paid else Refunded.PART


@dataclass(frozen=True, slots=True, kw_only=True)
class Doable:
    """An action that is open to somebody now; `needs` are the fields that come along."""

    action: Action
    who: Who
    needs: Sequence[str] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One line of an order's history; nobody: the clock."""

    seq: int
    action: Action
    stage: Stage
    who: Who
    at: datetime
    note: str = ""

    @property
    def code(self) -> str:
        """What it is called: what the provider says is another thing than what a person does."""
        return f"{self.action}_by_provider" if self.who is Who.PROVIDER else self.action.value


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCard:
    """One order among many."""

    id: OrderId
    title: str
    stage: Stage
    total: Money
    role: Who
    other: MemberCard
    photo_id: PhotoId | None
    created_at: datetime
    stage_at: datetime
    due: Due | None
    due_at: datetime | None
    payment: Payment
    next: Doable | None = None

    @property
    def url(self) -> str:
        return f"/orders/{self.id}"

    @property
    def mine_to_do(self) -> bool:
        """Whether it waits for whoever looks."""
        return self.next is not None and self.next.who == self.role


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetail:
    """All of one order, for one of the two."""

    card: OrderCard
    buyer: MemberCard
    seller: MemberCard
    subject: Subject
    source_kind: str
    quantity: int
    delivery: Delivery
    payment: Payment
    address: str
    snapshot: Snapshot
    money: MoneyState
    held: bool
    conversation_id: ConversationId | None
    group_id: OrderGroupId | None
    steps: Sequence[StepView]
    actions: Sequence[Doable]
    handing: Handing

    @property
    def can(self) -> frozenset[str]:
        return frozenset(one.action.value for one in self.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was bought of whom, and when and how it was paid: kept for good, by the snapshot and the ledger."""

    order: OrderDetail
    paid_at: datetime | None
    refunds: Sequence[tuple[datetime, Money]]
    tax: Money | None  # what of the total is tax, where the seller has to say so
