"""Whose turn it is with a request, who was introduced and who is thanked hears of it."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId, IntroductionId
from app.kernel.subjects import Subject
from app.messaging.introductions.events import IntroductionAccepted, IntroductionCame, IntroductionThanked
from app.messaging.introductions.queries import helpers_of
from app.notifications.inbox.service import notify, notify_all
from app.notifications.kinds.introductions import INTRODUCED, INTRODUCTION, INTRODUCTION_THANKS
from app.platform.event_log import Start

NAME = "notify_introductions"
STARTS = Start.HEAD
LISTENS_TO = (IntroductionCame, IntroductionAccepted, IntroductionThanked)
URL = {"url": "/introductions"}


def react(event: Event, event_id: EventId) -> None:
    """Nobody is named: who passes on may not want to be, and the page says what each may know."""
    match event:
        case IntroductionCame():
            subject, key = _about(event.introduction_id), f"introduction:{event_id}"
            notify(event.member_id, INTRODUCTION, subject, key=key, data=URL)
        case IntroductionAccepted():
            subject, key = _about(event.introduction_id), f"introduced:{event_id}"
            notify(event.asker_id, INTRODUCED, subject, key=key, actor_id=event.target_id, data=URL)
        case IntroductionThanked():
            subject, key = _about(event.introduction_id), f"introduction_thanks:{event_id}"
            helpers = helpers_of(event.introduction_id)
            notify_all(helpers, INTRODUCTION_THANKS, subject, key=key, actor_id=event.asker_id, data=URL)


def _about(introduction_id: IntroductionId) -> Subject:
    return Subject("introduction", introduction_id)
