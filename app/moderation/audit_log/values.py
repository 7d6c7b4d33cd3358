"""What moderators can do, and one line of their log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.kernel.ids import ActionId, ReportId
from app.kernel.subjects import Subject
from app.people.profiles.values import MemberCard

MAX_REASON_LENGTH = 1000


class Action(StrEnum):
    """The answers to a report, and what else moderators decide."""

    DISMISS = "dismiss"
    REMOVE = "remove"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REPORT = "report"
    MERGE = "merge"
    KEEP_APART = "keep_apart"
    RELEASE = "release"
    DROP = "drop"
    RESTORE = "restore"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One action, as `/moderation/log` shows it."""

    id: ActionId
    decision: Action
    subject: Subject
    actor: MemberCard | None
    author: MemberCard | None
    reason: str
    report_id: ReportId | None
    at: datetime
