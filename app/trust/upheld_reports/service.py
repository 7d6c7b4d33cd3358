"""Recording that a report was upheld."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.kernel.ids import MemberId, ReportId
from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_or_ignore
from app.trust.upheld_reports.events import ReportUpheld, UpheldReportWithdrawn
from app.trust.upheld_reports.models import UpheldReport


def record_upheld(report_id: ReportId, reporter_id: MemberId, member_id: MemberId) -> bool:
    """The moderators agreed with `reporter_id`; idempotent, False when nothing was written."""
    if reporter_id == member_id:
        return False
    with unit_of_work() as unit:
        both = select(Member.id).where(Member.id.in_([reporter_id, member_id]), Member.active)
        if len(set(db.session.scalars(both))) < 2:  # one of them has left since
            return False
        row = {"report_id": report_id, "reporter_id": reporter_id, "member_id": member_id}
        if not insert_or_ignore(UpheldReport, row):
            return False
        unit.record(ReportUpheld(reporter_id=reporter_id, member_id=member_id))
    return True


def withdraw_upheld(report_id: ReportId) -> None:
    """Let a report count no longer; doing it again changes nothing."""
    with unit_of_work() as unit:
        gone = delete(UpheldReport).where(UpheldReport.report_id == report_id)
        row = db.session.execute(gone.returning(UpheldReport.reporter_id, UpheldReport.member_id)).one_or_none()
        if row is not None:
            unit.record(UpheldReportWithdrawn(reporter_id=row.reporter_id, member_id=row.member_id))
