"""What upheld reports tell of a person."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from app.kernel.ids import MemberId
from app.platform.database import db
from app.trust.upheld_reports.models import UpheldReport

NAME = "upheld_reports"


def export(ident: MemberId) -> list[dict[str, object]]:
    """Which of the member's own reports were upheld; who reported the member is not theirs to know."""
    query = select(UpheldReport.report_id, UpheldReport.at).where(UpheldReport.reporter_id == ident)
    rows = db.session.execute(query.order_by(UpheldReport.at))
    return [{"report": row.report_id, "at": row.at.isoformat()} for row in rows]


def erase(ident: MemberId) -> None:
    """It counts for nobody when either of the two is gone."""
    mine = or_(UpheldReport.reporter_id == ident, UpheldReport.member_id == ident)
    db.session.execute(delete(UpheldReport).where(mine))
