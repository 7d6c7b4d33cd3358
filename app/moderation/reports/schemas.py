"""Reports, as the API takes them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.moderation.reports.values import Reason, ReportStatus
from app.web.schemas import Answer, Body, Id, MaybeText, Otherwise, Text, one_of


class ReportBody(Body):
    """What the moderators should look at, and why."""

    subject_kind: Annotated[Text, Field(description="listing, recommendation, comment, message, member …")]
    subject_id: Annotated[
        Text,
        Otherwise("“subject_id” is missing", "missing_field"),
        Field(description="A member's handle, the id of anything else."),
    ]
    reason: Annotated[Text, one_of(Reason)]
    text: MaybeText = None


class Report(Answer):
    """It waits for a moderator."""

    id: Id
    status: ReportStatus
