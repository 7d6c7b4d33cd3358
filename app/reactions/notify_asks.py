"""The circle hears of an ask, its author of the answers, and who helped of the thanks."""

from __future__ import annotations

from app.community.asks.events import AnswerThanked, AskAnswered, AskPublished, AskWidened
from app.community.asks.queries import reached_at
from app.community.asks.values import CIRCLE
from app.kernel.events import Event
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify

ASK, ANSWER, THANKS = "ask", "answer", "thanks"
LISTENS_TO = (AskPublished, AskWidened, AskAnswered, AnswerThanked)


def react(event: Event, _event_id: int) -> None:
    """Only people who are trusted directly are told; others find it among their asks and in the feed."""
    if isinstance(event, AskPublished | AskWidened):
        for member_id in reached_at(event.ask_id, CIRCLE):
            _tell(member_id, ASK, event.ask_id, event.ask_id, event.author_id)
    elif isinstance(event, AskAnswered):
        key = f"{event.ask_id}:{event.recommendation_id}"
        _tell(event.author_id, ANSWER, event.ask_id, key, event.answerer_id)
    elif isinstance(event, AnswerThanked):
        key = f"{event.ask_id}:{event.recommendation_id}"
        _tell(event.answerer_id, THANKS, event.ask_id, key, event.author_id)


def _tell(member_id: int, kind: str, ask_id: str, occasion: str, actor_id: int) -> None:
    notify(member_id, kind, Subject("ask", ask_id), key=f"{kind}:{occasion}", actor_id=actor_id)
