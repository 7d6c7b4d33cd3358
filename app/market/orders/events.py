"""What happens to orders."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId, OrderId


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """Somebody has ordered a thing, which is set aside for them."""

    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId
    thing_kind: str
    thing_id: str
    amount_minor: int
    currency: str
    source_kind: str


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Event):
    """Both sides agree."""

    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MeetingProposed(Event):
    """One side says when and where to meet."""

    order_id: OrderId
    member_id: MemberId
    other_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MeetingAgreed(Event):
    """The other side comes too."""

    order_id: OrderId
    member_id: MemberId
    other_id: MemberId


@dataclass(frozen=True, kw_only=True)
class OrderHandedOver(Event):
    """They met, and the buyer's code was right."""

    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId


@dataclass(frozen=True, kw_only=True)
class OrderShipped(Event):
    """The parcel is on its way."""

    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId


@dataclass(frozen=True, kw_only=True)
class OrderReceived(Event):
    """The buyer has it."""

    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Event):
    """It is over and done: the buyer said so, the time for complaints has passed, or a case was decided."""

    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId
    thing_kind: str
    thing_id: str
    amount_minor: int
    currency: str
    by: str


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """It is called off; what was set aside can be had again."""

    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId
    stage: str
    by: str


@dataclass(frozen=True, kw_only=True)
class OrderDeadlineNear(Event):
    """Something is to be done soon, by this member; `due` says what runs out."""

    order_id: OrderId
    member_id: MemberId
    other_id: MemberId
    due: str
