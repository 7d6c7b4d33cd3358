"""When a moderator removed a room, it is closed."""

from __future__ import annotations

from app.kernel.events import Event
from app.messaging.groups.service import close_by_decision
from app.moderation.reports.events import ReportDecided


def react(event: Event, _event_id: int) -> None:
    """Closing twice changes nothing."""
    if isinstance(event, ReportDecided) and event.removes("room"):
        close_by_decision(event.moderator_id, event.subject_id)
