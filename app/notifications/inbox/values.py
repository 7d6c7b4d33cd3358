"""One notification. The kinds are in `app/notifications/kinds/values.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kernel.ids import MemberId, NotificationId
from app.kernel.subjects import Subject
from app.notifications.kinds.values import (
    ANSWER,
    ASK,
    COMMENT,
    HELPFUL,
    JOINED,
    MENTION,
    MESSAGE,
    MESSAGE_REQUEST,
    RECOMMENDATION,
    SAVED_SEARCH,
    TESTIMONIAL,
    THANKS,
    VOUCH,
)
from app.notifications.preferences.values import Wishes

__all__ = [
    "ANSWER",
    "ASK",
    "COMMENT",
    "HELPFUL",
    "JOINED",
    "MENTION",
    "MESSAGE",
    "MESSAGE_REQUEST",
    "RECOMMENDATION",
    "SAVED_SEARCH",
    "TESTIMONIAL",
    "THANKS",
    "VOUCH",
    "Folded",
    "Notification",
    "NotificationView",
    "Occasion",
]


@dataclass(frozen=True, slots=True)
class Notification:
    """Something that concerns the member; `subject` is what to look at."""

    id: NotificationId
    kind: str
    subject: Subject
    actor_id: MemberId | None
    at: datetime
    read: bool
    fold: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Folded:
    """What stands in one line: the newest, and who else did the same."""

    newest: Notification
    actor_ids: tuple[MemberId, ...]  # the newest first, a few of them
    people: int
    read: bool


@dataclass(frozen=True, slots=True)
class Occasion:
    """What one member is told of; it is told once under its key."""

    member_id: MemberId
    subject: Subject
    key: str
    actor_id: MemberId | None


@dataclass(frozen=True, slots=True)
class NotificationView:
    """What was written into the inbox a moment ago, for whoever carries it further."""

    id: str
    member_id: MemberId
    kind: str
    subject: Subject
    wishes: Wishes
    seen: bool  # the thing is open on the screen
    quiet: bool  # no line in the page waits to be read
