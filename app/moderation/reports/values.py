"""What is reported, why, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.kernel.ids import MemberId, ReportId
from app.kernel.subjects import Subject
from app.people.profiles.values import MemberCard

MAX_TEXT_LENGTH = 2000
MAX_EXCERPT_LENGTH = 600
MAX_TITLE_LENGTH = 200


class Reason(StrEnum):
    """Why somebody reports a thing."""

    SCAM = "scam"
    FORBIDDEN = "forbidden"
    HARASSMENT = "harassment"
    FAKE = "fake"
    PAID = "paid"
    SPAM = "spam"
    OTHER = "other"


class ReportStatus(StrEnum):
    """Open until a moderator decided; the decisions follow."""

    OPEN = "open"
    DISMISSED = "dismissed"
    REMOVED = "removed"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class ReportedContent:
    """A thing as it stood when it was reported."""

    title: str
    excerpt: str
    url: str | None
    author_id: MemberId | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report, for the queue."""

    id: ReportId
    subject: Subject
    reason: Reason
    text: str
    title: str
    excerpt: str
    url: str | None
    status: ReportStatus
    reporter: MemberCard | None
    author: MemberCard | None
    at: datetime
    others: int  # further open reports on the same thing
