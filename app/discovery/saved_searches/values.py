"""What a saved search is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.ids import SavedSearchId
from app.kernel.money import Money

MOST = 50  # saved searches of one member
ADDRESS_LENGTH = 400
ANCHOR_LENGTH = 60
NOTICE: Final = "saved_search"  # what the notification of a summary is about


class Cadence(StrEnum):
    """How often a member wants to hear of it."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


PAUSES: Final = {Cadence.DAILY: timedelta(days=1), Cadence.WEEKLY: timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved search as its page shows it; `waiting` finds will come with the next summary."""

    id: SavedSearchId
    kind: str
    q: str
    filters: dict[str, str]
    most: Money | None
    cadence: Cadence
    url: str
    created_at: datetime
    found: int
    waiting: int
