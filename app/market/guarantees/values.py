"""A friend stands in for a buyer, up to an amount, for one deal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.ids import GuaranteeId, OrderId
from app.kernel.money import Money
from app.people.profiles.values import MemberCard

# What one person may have promised at once, as long as the operator sets no other limit: in minor units.
LIMIT: Final = 50_000
HELD_FOR: Final = timedelta(days=90)  # as long as what the buyer has promised
SHOWN: Final = 50


class State(StrEnum):
    """What has become of it."""

    ASKED = "asked"
    PROMISED = "promised"
    DECLINED = "declined"
    RELEASED = "released"  # the deal is over, and nothing was needed
    CALLED = "called"  # a decision has made it fall due


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeView:
    """As the people of the deal, and the friend, see it."""

    id: GuaranteeId
    order_id: OrderId
    buyer: MemberCard
    guarantor: MemberCard
    amount: Money
    state: State
    at: datetime
    called: Money | None = None
