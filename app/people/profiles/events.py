"""What happens to public faces."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """Name, picture, place or the wish to be discreet changed."""

    member_id: MemberId
