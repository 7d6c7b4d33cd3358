"""What happens between people who traded."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class TradeRecorded(Event):
    """An order ended well for `truster_id`: one more reason to trust the other side."""

    truster_id: MemberId
    trustee_id: MemberId
