"""A proposal to make one item of two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.community.items.values import ItemView
from app.kernel.ids import ItemId, MergeId
from app.people.profiles.values import MemberCard

MAX_WHY_LENGTH = 500


class MergeStatus(StrEnum):
    """Open until a moderator has decided."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class MergeView:
    """A proposal as the moderators see it: `gone` would lead to `kept`."""

    id: MergeId
    kept: ItemView | None
    gone: ItemView | None
    # How many recommend or advise against each, and how many members have spoken on both.
    said_kept: int
    said_gone: int
    said_both: int
    proposer: MemberCard | None
    why: str
    status: MergeStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge came to."""

    kept_id: ItemId
    gone_id: ItemId
