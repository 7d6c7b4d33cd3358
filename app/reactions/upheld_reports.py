"""When moderators agree with a report, whoever trusts the reporter trusts the reported one less, until it is undone."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import DecisionId, EventId, ReportId
from app.moderation.decisions.events import DecisionUndone
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.queries import decided_with, reports_of
from app.platform.event_log import Start
from app.trust.upheld_reports.service import record_upheld, withdraw_upheld

NAME = "upheld_reports"
STARTS = Start.BEGINNING
LISTENS_TO = (ReportDecided, DecisionUndone)


def concerns(event: Event) -> bool:
    """Where somebody's deed was found to be wrong, or that was found to be wrong."""
    return isinstance(event, DecisionUndone) or (
        isinstance(event, ReportDecided) and event.author_id is not None and event.upheld
    )


def react(event: Event, _event_id: EventId) -> None:
    """Everybody who had reported the same thing was right; no further than to those who trust them."""
    if isinstance(event, DecisionUndone):
        for report_id in reports_of(DecisionId(event.decision_id)):
            withdraw_upheld(report_id)
    elif isinstance(event, ReportDecided) and event.author_id is not None and event.upheld:
        for report_id, reporter_id in decided_with(ReportId(event.report_id)):
            record_upheld(report_id, reporter_id, event.author_id)
