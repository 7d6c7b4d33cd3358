"""Whoever added a thing learns what others say of it."""

from __future__ import annotations

from app.community.items.queries import adder_of
from app.community.recommendations.events import RecommendationGiven
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import RECOMMENDATION
from app.platform.event_log import Start

NAME = "notify_recommendations"
STARTS = Start.HEAD
LISTENS_TO = (RecommendationGiven,)


def react(event: Event, _event_id: EventId) -> None:
    """Once for each person, not with each new wording."""
    if not isinstance(event, RecommendationGiven):
        return
    found = adder_of(event.item_id)
    if found is not None:
        adder_id, title = found
        notify(
            adder_id,
            RECOMMENDATION,
            Subject("item", event.item_id),
            key=f"said:{event.item_id}:{event.member_id}",
            actor_id=event.member_id,
            data={"title": title},
            cause=Subject("recommendation", event.recommendation_id),
        )
