"""What is paid out to sellers."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId, PayoutRunId


@dataclass(frozen=True, kw_only=True)
class PayoutMade(Event):
    """A seller's balance is on its way to their bank account."""

    run_id: PayoutRunId
    member_id: MemberId
    amount_minor: int
    currency: str
