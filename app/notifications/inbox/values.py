"""What a member is told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.kernel.subjects import Subject

VOUCH: Final = "vouch"
JOINED: Final = "joined"
MESSAGE: Final = "message"
KINDS: Final = (VOUCH, JOINED, MESSAGE)


@dataclass(frozen=True, slots=True)
class Notification:
    """Something that concerns the member; `subject` is what to look at."""

    id: str
    kind: str
    subject: Subject
    actor_id: int | None
    at: datetime
    read: bool
