"""When a moderator removed an item, it is found nowhere any more."""

from __future__ import annotations

from app.community.items.queries import get_item
from app.community.items.service import remove_by_moderator
from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.values import Evidence


def describe(item_id: str, _viewer_id: int | None) -> Evidence | None:
    """Items belong to all, so there is nobody to suspend."""
    try:
        found = get_item(item_id)
    except NotFound:
        return None
    return Evidence(
        title=found.title, excerpt=found.description, url=f"/items/{found.id}", author_id=None
    )


def react(event: Event, _event_id: int) -> None:
    """One that is gone already stays gone."""
    if isinstance(event, ReportDecided) and event.removes("item"):
        remove_by_moderator(event.subject_id)
