"""What happens to reports."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ReportFiled(Event):
    """A member asked the moderators to look at a thing."""

    report_id: str
    subject_kind: str
    subject_id: str
    reporter_id: int


@dataclass(frozen=True, kw_only=True)
class ReportDecided(Event):
    """A moderator decided; whoever owns the thing acts on `remove`."""

    report_id: str
    subject_kind: str
    subject_id: str
    decision: str
    moderator_id: int
    author_id: int | None = None

    def removes(self, kind: str) -> bool:
        """Whether a thing of this kind must go: it does with a suspension too."""
        return self.subject_kind == kind and self.decision in {"remove", "suspend"}
