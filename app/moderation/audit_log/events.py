"""What happens when moderators decide."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import ActionId, MemberId, ReportId


@dataclass(frozen=True, kw_only=True)
class DecisionLogged(Event):
    """A line was added to the moderators' log; `author_id` is whom the decision concerns."""

    action_id: ActionId
    decision: str
    author_id: MemberId | None
    report_id: ReportId | None
