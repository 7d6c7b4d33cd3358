"""When moderators agreed with a report the room of the thing takes it away, and back when that is undone."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import DecisionId, EventId, ReportId
from app.moderation.decisions.events import DecisionUndone
from app.moderation.decisions.service import carry_out, take_back
from app.moderation.reports.events import ReportDecided
from app.platform.event_log import Start
from app.platform.subjects import Ruling, find_kind

NAME = "remove_content"
STARTS = Start.HEAD
# One reaction for both, so that they are done in the order in which they were decided.
LISTENS_TO = (ReportDecided, DecisionUndone)


def concerns(event: Event) -> bool:
    """Nothing is done about a report that was dismissed."""
    return isinstance(event, DecisionUndone) or (isinstance(event, ReportDecided) and event.upheld)


def react(event: Event, _event_id: EventId) -> None:
    """What is gone already stays gone; suspending a member is part of the decision itself."""
    if isinstance(event, ReportDecided) and event.upheld:
        _remove(event)
    elif isinstance(event, DecisionUndone):
        _restore(event)


def _remove(event: ReportDecided) -> None:
    kind = find_kind(event.subject_kind)
    if kind is None or kind.remove is None:
        return
    remove = kind.remove
    ruling = Ruling(moderator_id=event.moderator_id, report_id=event.report_id)
    carry_out(ReportId(event.report_id), lambda: remove(event.subject_id, ruling))


def _restore(event: DecisionUndone) -> None:
    kind = find_kind(event.subject_kind)
    if kind is None or kind.restore is None:
        return
    restore = kind.restore
    take_back(
        DecisionId(event.decision_id),
        lambda taken: restore(event.subject_id, Ruling(moderator_id=event.moderator_id, taken=taken)),
    )
