"""When a moderator removed a store, it closes."""

from __future__ import annotations

from app.kernel.events import Event
from app.merchants.stores.service import remove_by_moderator
from app.moderation.reports.events import ReportDecided


def react(event: Event, _event_id: int) -> None:
    """Removing twice changes nothing."""
    if isinstance(event, ReportDecided) and event.removes("store"):
        remove_by_moderator(event.subject_id)
