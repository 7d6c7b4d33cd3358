"""When moderators agree with a report, whoever trusts the reporter trusts the reported one less."""

from __future__ import annotations

from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.queries import decided_with
from app.platform.event_log import Start
from app.trust.upheld_reports.service import record_upheld

NAME = "upheld_reports"
STARTS = Start.BEGINNING
LISTENS_TO = (ReportDecided,)


def concerns(event: Event) -> bool:
    """Where somebody's deed was found to be wrong."""
    return isinstance(event, ReportDecided) and event.author_id is not None and event.upheld


def react(event: Event, _event_id: int) -> None:
    """Everybody who had reported the same thing was right; no further than to those who trust them."""
    if not isinstance(event, ReportDecided) or event.author_id is None or not event.upheld:
        return
    for report_id, reporter_id in decided_with(event.report_id):
        record_upheld(report_id, reporter_id, event.author_id)
