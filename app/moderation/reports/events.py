"""What happens to reports."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId, ReportId


@dataclass(frozen=True, kw_only=True)
class ReportFiled(Event):
    """A member asked the moderators to look at a thing."""

    report_id: ReportId
    subject_kind: str
    subject_id: str
    reporter_id: MemberId


@dataclass(frozen=True, kw_only=True)
class ReportDecided(Event):
    """A moderator decided; the room of the thing removes it where the report is upheld."""

    report_id: ReportId
    subject_kind: str
    subject_id: str
    decision: str
    moderator_id: MemberId
    author_id: MemberId | None = None

    @property
    def upheld(self) -> bool:
        """Whether the moderator agreed with the report: the thing goes, with a suspension too."""
        return self.decision in {"remove", "suspend"}
