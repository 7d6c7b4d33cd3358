"""A browser of a member's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel.ids import DeviceId


@dataclass(frozen=True, slots=True)
class Device:
    """As the list of devices shows it."""

    id: DeviceId
    label: str
    endpoint_digest: str
    added_at: datetime
    told_at: datetime | None
