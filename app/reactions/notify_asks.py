"""The circle hears of an ask, its author of the answers, and who helped of the thanks."""

from __future__ import annotations

from app.community.questions.events import AnswerThanked, AskAnswered, AskPublished, AskWidened
from app.community.questions.queries import find_text, reached_at
from app.community.questions.values import CIRCLE
from app.kernel.events import Event
from app.kernel.ids import EventId, MemberId, QuestionId
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
        _tell(reached_at(event.ask_id, CIRCLE), ASK, event.ask_id, event.ask_id, event.author_id)
    elif isinstance(event, AskAnswered):
        occasion = f"{event.ask_id}:{event.recommendation_id}"
        answer = Subject("recommendation", event.recommendation_id)
        _tell([event.author_id], ANSWER, event.ask_id, occasion, event.answerer_id, answer)
    elif isinstance(event, AnswerThanked):
        occasion = f"{event.ask_id}:{event.recommendation_id}"
        answer = Subject("recommendation", event.recommendation_id)
        _tell([event.answerer_id], THANKS, event.ask_id, occasion, event.author_id, answer)


def _tell(
    member_ids: list[MemberId],
    kind: str,
    ask_id: QuestionId,
    occasion: str,
    actor_id: MemberId,
    cause: Subject | None = None,
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
