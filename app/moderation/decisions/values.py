"""A decision, as moderators see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.moderation.audit_log.values import Action
from app.people.profiles.values import MemberCard


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided about a report, and whether that can be undone."""

    action: Action
    moderator: MemberCard | None
    reason: str
    at: datetime
    undone_at: datetime | None
    undoable: bool
