"""What happens to cases."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import CaseId, MemberId, OrderId


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """One of the two says that something is wrong; the order waits until it is settled."""

    case_id: CaseId
    order_id: OrderId
    opener_id: MemberId
    other_id: MemberId


@dataclass(frozen=True, kw_only=True)
class CaseMoved(Event):
    """Somebody, or the time, has done something in a case that goes on, or has withdrawn it."""

    case_id: CaseId
    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId
    action: str
    state: str
    actor_id: MemberId | None = None
    mediator_id: MemberId | None = None


@dataclass(frozen=True, kw_only=True)
class CaseDecided(Event):
    """It is settled: so much of what was paid is the buyer's, the rest the seller's."""

    case_id: CaseId
    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId
    way: str
    to_buyer_minor: int
    at_stake_minor: int
    currency: str
    by: str
    actor_id: MemberId | None = None
    mediator_id: MemberId | None = None


@dataclass(frozen=True, kw_only=True)
class CaseDeadlineNear(Event):
    """This member has to do something in a case soon; `state` says what it waits for."""

    case_id: CaseId
    order_id: OrderId
    member_id: MemberId
    other_id: MemberId
    state: str
