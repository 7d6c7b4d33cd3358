"""What upheld reports do to trust."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class ReportUpheld(Event):
    """The moderators agreed with a member's report: who trusts the reporter trusts the other less."""

    reporter_id: MemberId
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class UpheldReportWithdrawn(Event):
    """The moderators undid their decision: the report counts for nobody any more."""

    reporter_id: MemberId
    member_id: MemberId
