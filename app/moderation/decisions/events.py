"""What becomes of decisions."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import DecisionId, MemberId


@dataclass(frozen=True, kw_only=True)
class DecisionUndone(Event):
    """A moderator undid a removal; the room of the thing puts back what that decision took."""

    decision_id: DecisionId
    subject_kind: str
    subject_id: str
    moderator_id: MemberId
    author_id: MemberId | None = None
