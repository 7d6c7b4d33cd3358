"""Questions to the people one trusts, and how far they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.community.recommendations.values import RecommendationView
from app.kernel.ids import AnswerId, QuestionId
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

MAX_TEXT_LENGTH = 600
MAX_TOPIC_LENGTH = 60
MAX_PLACE_LENGTH = 80
CIRCLE: Final = 1  # the people whom the author trusts directly
MAX_HOPS: Final = 3
EVERYBODY: Final = 4
WAIT = timedelta(hours=24)
MAX_ANSWERS = 5  # of one member to one ask
MAX_ALL_ANSWERS = 500  # to one ask: longer is a conversation, and there are rooms for these
MAX_ANSWER_LENGTH = 2000


class QuestionStatus(StrEnum):
    """An ask can be answered while it is open."""

    OPEN = "open"
    CLOSED = "closed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """What a member asks, and how many hops it may go at most."""

    text: str
    topic: str = ""
    place: str = ""
    reach: int = CIRCLE


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCard:
    """An ask as a list shows it."""

    id: QuestionId
    author: MemberCard
    text: str
    topic: str
    place: str
    status: str
    hops: int  # how far it has gone: 1, 2, 3, or EVERYBODY
    reach: int  # how far it may go
    answers: int
    thanked: bool
    created_at: datetime
    widened_at: datetime
    mine: bool
    new: bool = False
    # How far the viewer is from the author along the author's trust; None when everybody was asked.
    distance: int | None = None
    # The viewer's trust.circle Trail to the author, or None.
    trail: Trail | None = None
    path: tuple[str | None, ...] | None = None
    kilometres: int | None = None  # from the viewer's own town, where both are known

    @property
    def url(self) -> str:
        return f"/asks/{self.id}"

    @property
    def open(self) -> bool:
        return self.status == QuestionStatus.OPEN

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "author": self.author.handle,
            "text": self.text,
            "topic": self.topic,
            "place": self.place,
            "status": self.status,
            "hops": reach_name(self.hops),
            "reach": reach_name(self.reach),
            "answers": self.answers,
            "thanked": self.thanked,
            "distance": self.distance,
            "distance_km": self.kilometres,
            "path": None if self.path is None else list(self.path),
            "url": self.url,
            "at": self.created_at.isoformat(),
            "widened_at": self.widened_at.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, with the viewer's way to who gave it."""

    id: AnswerId
    member: MemberCard
    text: str
    text_html: str
    # What is recommended in it, as far as the viewer may see it.
    said: RecommendationView | None
    at: datetime
    helped: bool
    mine: bool
    edited: bool = False
    # The viewer's trust.circle Trail to who answered, or None.
    trail: Trail | None = None
    path: tuple[str | None, ...] | None = None
    score: float = 0.0

    def as_json(self) -> dict[str, object]:
        said = self.said
        return {
            "id": self.id,
            "recommendation": said.id if said else None,
            "item": said.item_id if said else None,
            "title": said.item_title if said else None,
            "member": self.member.handle,
            "text": self.text or (said.text if said else ""),
            "disclosure": said.disclosure if said else None,
            "helped": self.helped,
            "edited": self.edited,
            "score": self.score,
            "path": None if self.path is None else list(self.path),
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """One ask with its answers, for one viewer."""

    card: QuestionCard
    answers: tuple[Answer, ...]
    reached: int  # how many people it has gone to; 0 for everybody but the author
    widens_at: datetime | None  # when it goes further by itself
    may_answer: bool
    edited: bool = False
    # How the author's trust leads to the viewer, where the viewer's own does not lead to the author.
    came: Trail | None = None

    def as_json(self) -> dict[str, object]:
        return {
            **self.card.as_json(),
            "reached": self.reached if self.card.mine else None,
            "widens_at": self.widens_at.isoformat() if self.widens_at else None,
            "list": [one.as_json() for one in self.answers],
        }


def reach_name(hops: int) -> int | str:
    """As the API says it."""
    return "everybody" if hops >= EVERYBODY else hops
