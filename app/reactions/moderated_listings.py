"""When a moderator removed a listing, it goes from the market."""

from __future__ import annotations

from app.kernel.events import Event
from app.market.listings.service import remove_by_moderator
from app.moderation.reports.events import ReportDecided


def react(event: Event, _event_id: int) -> None:
    """Removing twice changes nothing."""
    if isinstance(event, ReportDecided) and event.removes("listing"):
        remove_by_moderator(event.subject_id)
