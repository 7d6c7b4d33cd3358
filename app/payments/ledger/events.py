"""What the ledger does by itself."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import HoldId


@dataclass(frozen=True, kw_only=True)
class HoldExpired(Event):
    """What was set aside for a thing is free again, for its time was over."""

    hold_id: HoldId
    subject_kind: str
    subject_id: str
