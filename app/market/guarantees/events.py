"""What happens when a friend stands in."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import GuaranteeId, MemberId, OrderId


@dataclass(frozen=True, kw_only=True)
class GuarantorAsked(Event):
    """A buyer asks a friend to stand in."""

    guarantee_id: GuaranteeId
    order_id: OrderId
    buyer_id: MemberId
    guarantor_id: MemberId


@dataclass(frozen=True, kw_only=True)
class GuaranteeGiven(Event):
    """The friend stands in from now on."""

    guarantee_id: GuaranteeId
    order_id: OrderId
    buyer_id: MemberId
    guarantor_id: MemberId


@dataclass(frozen=True, kw_only=True)
class GuaranteeCalled(Event):
    """A decision has made it fall due."""

    guarantee_id: GuaranteeId
    order_id: OrderId
    guarantor_id: MemberId
    amount_minor: int
    currency: str
