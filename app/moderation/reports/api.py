"""Reports by API."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.kernel.errors import Invalid
from app.kernel.subjects import Subject
from app.moderation.reports import service
from app.web.api import api_auth, body, caller, text_field

api = APIBlueprint("api_reports", __name__, url_prefix="/api/v1")


@api.post("/reports")
@api.doc(security="token", responses={201: "The report waits for a moderator."})
@api_auth
def file_report() -> tuple[dict[str, Any], int]:
    """Ask the moderators to look at a thing."""
    data = body()
    kind = text_field(data, "subject_kind", required=True) or ""
    ident = data.get("subject_id")
    # Members are known to callers by handle, all else by text ids.
    if not isinstance(ident, str) or not ident:
        raise Invalid("“subject_id” is missing", code="missing_field")
    reason = text_field(data, "reason", required=True) or ""
    report_id = service.file_report(caller().id, Subject(kind, ident), reason, text_field(data, "text") or "")
    return {"id": report_id, "status": "open"}, 201
