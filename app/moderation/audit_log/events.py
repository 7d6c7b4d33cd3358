"""What happens when moderators decide."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DecisionLogged(Event):
    """A line was added to the moderators' log; `author_id` is whom the decision concerns."""

    action_id: int
    decision: str
    author_id: int | None
    report_id: str | None
