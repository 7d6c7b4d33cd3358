"""When a moderator removed an ask, nobody sees it any more."""

from __future__ import annotations

from app.community.questions.service import remove_by_moderator
from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided


def react(event: Event, _event_id: int) -> None:
    """One that is gone already stays gone."""
    if isinstance(event, ReportDecided) and event.removes("ask"):
        remove_by_moderator(event.subject_id)
