"""When moderators agreed with a report, the room of the thing takes it away."""

from __future__ import annotations

from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided
from app.platform.event_log import Start
from app.platform.subjects import Ruling, find_kind

NAME = "remove_content"
STARTS = Start.HEAD
LISTENS_TO = (ReportDecided,)


def concerns(event: Event) -> bool:
    """Nothing is done about a report that was dismissed."""
    return isinstance(event, ReportDecided) and event.upheld


def react(event: Event, _event_id: int) -> None:
    """What is gone already stays gone; suspending a member is part of the decision itself."""
    if isinstance(event, ReportDecided) and event.upheld:
        kind = find_kind(event.subject_kind)
        if kind is not None and kind.remove is not None:
            kind.remove(event.subject_id, Ruling(moderator_id=event.moderator_id, report_id=event.report_id))
