"""Orders, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import WithJsonSchema

from app.market.orders.values import Action, Delivery, Due, Paid, Payment, Refunded, Stage, Who
from app.web.schemas import (
    Amount,
    Answer,
    Body,
    Currency,
    Filter,
    Handle,
    Id,
    MaybeText,
    Moment,
    Page,
    Paging,
    documented,
    one_of,
)


class OrderQuery(Paging):
    """Which side the caller is on."""

    role: Annotated[Filter, one_of("buyer", "seller")] = None


class OrderBody(Body):
    """How the thing is to come and how it is paid."""

    quantity: Annotated[Any, WithJsonSchema({"type": "integer", "minimum": 1})] = 1
    delivery: Annotated[MaybeText, one_of(Delivery)] = None
    payment: Annotated[MaybeText, one_of(Payment)] = None
    address: MaybeText = None


class ActionBody(Body):
    """What the action needs, as `actions` says."""

    MAY_BE_MISSING = True

    reason: MaybeText = None
    code: MaybeText = None
    carrier: MaybeText = None
    tracking: MaybeText = None
    at: Annotated[MaybeText, documented(format="date-time")] = None
    place: MaybeText = None


class OrderAction(Answer):
    """What the caller may do now, until when, and which fields come along."""

    action: Action
    until: Moment | None
    needs: list[str]


class NextStep(Answer):
    """What the order waits for, and of whom."""

    action: Action
    who: Who


class OrderMoney(Answer):
    """Where the money is: derived, in decimal texts."""

    state: Paid
    total: Amount
    currency: Currency
    paid: Amount
    refunded: Amount
    refund: Refunded


class OrderParcel(Answer):
    """A parcel on its way."""

    carrier: str
    tracking: str
    url: str | None
    shipped_at: Moment


class OrderMeeting(Answer):
    """When and where they meet."""

    at: Moment
    place: str
    agreed: bool
    mine: bool


class OrderSnapshot(Answer):
    """The thing as it was when it was ordered."""

    title: str
    text: str
    url: str
    kind: str
    price: Amount
    currency: Currency
    photos: list[str]
    condition: str | None
    place: str
    terms: str
    tax_rate: str | None


class OrderHistory(Answer):
    """One thing that was done."""

    action: Action
    stage: Stage
    who: Who
    at: Moment
    note: str


class OrderEntry(Answer):
    """An order as lists show it."""

    id: Id
    title: str
    stage: Stage
    role: Who
    buyer: Handle
    seller: Handle
    total: Amount
    currency: Currency
    due: Due | None
    due_at: Moment | None
    next: NextStep | None
    url: str
    at: Moment


class MarketOrder(OrderEntry):
    """An order, whole; `case` is there when one was opened, `payment_url` after `pay` by card."""

    quantity: int
    delivery: Delivery
    payment: Payment
    money: OrderMoney
    payment_url: str | None
    parcel: OrderParcel | None
    meeting: OrderMeeting | None
    case: str | None
    snapshot: OrderSnapshot
    actions: list[OrderAction]
    history: list[OrderHistory]


class OrderPage(Page[OrderEntry]):
    """A part of the caller's orders."""
