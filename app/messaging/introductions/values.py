"""A request that passes from friend to friend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.ids import ConversationId, IntroductionId
from app.people.profiles.values import MemberCard

MAX_NOTE_LENGTH: Final = 1000
MAX_WORD_LENGTH: Final = 500
MAX_HOPS: Final = 6
PER_DAY: Final = "5/day"
OPEN_FOR: Final = timedelta(days=7)
SHOWN: Final = 50


class State(StrEnum):
    """What has become of the request."""

    OPEN = "open"
    ACCEPTED = "accepted"
    ENDED = "ended"  # somebody kept it, the time is over, or somebody on the way is gone: nobody is told which


class HopState(StrEnum):
    """What one of them has done."""

    WAITING = "waiting"  # its turn, or later
    PASSED = "passed"
    HELD = "held"


class Answer(StrEnum):
    """What whoever has the request can do; of the last one passing on is accepting."""

    FORWARD = "pass"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody on the way has added; nobody where they do not want to be named."""

    member: MemberCard | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A request at whoever has it now: from whom it comes, and to whom it goes; `last`: it is for them."""

    id: IntroductionId
    before: MemberCard | None
    after: MemberCard | None
    asker: MemberCard | None  # told to the last one only
    note: str
    words: tuple[Word, ...]
    until: datetime

    @property
    def last(self) -> bool:
        return self.after is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request of mine."""

    id: IntroductionId
    target: MemberCard
    state: State
    note: str
    at: datetime
    until: datetime
    steps: int
    done: int
    conversation_id: ConversationId | None
    thanked: bool
