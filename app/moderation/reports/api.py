"""Reports by API."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.kernel.subjects import Subject
from app.moderation.reports import service
from app.moderation.reports.schemas import Report, ReportBody
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_reports", __name__, url_prefix="/api/v1", tag="Moderation")


@api.post("/reports")
@operation("Ask the moderators to look at a thing", takes=ReportBody, answers=Report, status=201, refuses=[403, 404])
def file_report(body: ReportBody) -> tuple[dict[str, Any], int]:
    # Members are known to callers by handle, all else by text ids.
    subject = Subject(body.subject_kind, body.subject_id)
    report_id = service.file_report(caller().id, subject, body.reason, body.text or "")
    return {"id": report_id, "status": "open"}, 201
