"""When moderators agree with a report, whoever trusts the reporter trusts the reported one less."""

from __future__ import annotations

from app.kernel.events import Event
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.queries import decided_with
from app.trust.upheld_reports.service import record_upheld


def react(event: Event, _event_id: int) -> None:
    """Everybody who had reported the same thing was right; no further than to those who trust them."""
    if not isinstance(event, ReportDecided) or event.author_id is None:
        return
    if event.decision not in {"remove", "suspend"}:
        return
    for report_id, reporter_id in decided_with(event.report_id):
        record_upheld(report_id, reporter_id, event.author_id)
