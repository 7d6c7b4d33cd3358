"""The circle hears of an ask, its author of the answers, and who helped of the thanks."""

from __future__ import annotations

from app.community.questions.events import AnswerThanked, AskAnswered, AskPublished, AskWidened
from app.community.questions.queries import find_text, reached_at
from app.community.questions.values import CIRCLE
from app.kernel.events import Event
from app.kernel.ids import EventId, MemberId, QuestionId, RecommendationId
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify_all
from app.notifications.kinds.values import ANSWER, ASK, THANKS
from app.platform.event_log import Start
from app.platform.markup import plain_excerpt

NAME = "notify_asks"
STARTS = Start.HEAD
LISTENS_TO = (AskPublished, AskWidened, AskAnswered, AnswerThanked)


def react(event: Event, _event_id: EventId) -> None:
    """Only people who are trusted directly are told; others find it among their asks and in the feed."""
    if isinstance(event, AskPublished | AskWidened):
        _tell(reached_at(event.ask_id, CIRCLE), ASK, event.ask_id, event.ask_id, None, event.author_id)
    elif isinstance(event, AskAnswered):
        _tell([event.author_id], ANSWER, event.ask_id, *_what(event), event.answerer_id)
    elif isinstance(event, AnswerThanked):
        _tell([event.answerer_id], THANKS, event.ask_id, *_what(event), event.author_id)


def _what(event: AskAnswered | AnswerThanked) -> tuple[str, Subject]:
    """Answer by what it is told once, and what it is about."""
    if event.answer_id is not None:
        return f"{event.ask_id}:{event.answer_id}", Subject("answer", event.answer_id)
    # An event of the time when each answer was a recommendation.
    said = event.recommendation_id or RecommendationId("")
    return f"{event.ask_id}:{said}", Subject("recommendation", said)


def _tell(
    member_ids: list[MemberId],
    kind: str,
    ask_id: QuestionId,
    occasion: str,
    cause: Subject | None,
    actor_id: MemberId,
) -> None:
    """Once for each occasion; nobody is told of an ask that was taken away meanwhile."""
    found = find_text(ask_id, None)
    if found is None:
        return
    title = plain_excerpt(found[0], 80)
    notify_all(
        member_ids,
        kind,
        Subject("ask", ask_id),
        key=f"{kind}:{occasion}",
        actor_id=actor_id,
        data={"title": title},
        cause=cause,
    )
