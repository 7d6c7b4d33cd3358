"""When a moderator removed a room, it is closed."""

from __future__ import annotations

from app.community.groups.queries import get_room
from app.community.groups.service import close_by_decision
from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.values import Evidence


def describe(room_id: str, viewer_id: int | None) -> Evidence | None:
    """Rooms are open, so everybody may report one."""
    try:
        found = get_room(viewer_id or 0, room_id)
    except NotFound:
        return None
    return Evidence(title=found.title, excerpt=found.about, url=f"/rooms/{found.id}", author_id=None)


def react(event: Event, _event_id: int) -> None:
    """Closing twice changes nothing."""
    if isinstance(event, ReportDecided) and event.removes("room"):
        close_by_decision(event.moderator_id, event.subject_id)
