"""What happens to asks."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import AnswerId, MemberId, QuestionId, RecommendationId


@dataclass(frozen=True, kw_only=True)
class AskPublished(Event):
    """A member asked the people they trust."""

    ask_id: QuestionId
    author_id: MemberId
    reached: int


@dataclass(frozen=True, kw_only=True)
class AskWidened(Event):
    """It went further: to `hops` steps, 4 is everybody; `reached` people are new."""

    ask_id: QuestionId
    author_id: MemberId
    hops: int
    reached: int
    by_author: bool


@dataclass(frozen=True, kw_only=True)
class AskAnswered(Event):
    """Somebody answered: in words, with a recommendation, or both."""

    ask_id: QuestionId
    recommendation_id: RecommendationId | None = None
    author_id: MemberId
    answerer_id: MemberId
    # None in events of the time when each answer was a recommendation.
    answer_id: AnswerId | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerThanked(Event):
    """The author says that this answer helped most; a later one for the same ask takes its place."""

    ask_id: QuestionId
    recommendation_id: RecommendationId | None = None
    author_id: MemberId
    answerer_id: MemberId
    answer_id: AnswerId | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerRemoved(Event):
    """Who gave it, or a moderator, took an answer away; a recommendation in it stays."""

    answer_id: AnswerId
    ask_id: QuestionId
    answerer_id: MemberId
    by_moderator: bool


@dataclass(frozen=True, kw_only=True)
class AskClosed(Event):
    """The author needs no more answers, or a moderator took it away."""

    ask_id: QuestionId
    author_id: MemberId
    by_moderator: bool
