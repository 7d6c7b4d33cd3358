"""Reads of presence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.messaging.presence import rules
from app.messaging.presence.models import Presence
from app.messaging.presence.values import Nearness
from app.platform.database import db


def is_hidden(member_id: MemberId) -> bool:
    """Whether the member does not want it to be shown."""
    return bool(db.session.scalar(select(Presence.hidden).where(Presence.member_id == member_id)))


def nearness(seen_at: datetime | None) -> Nearness:
    """How long ago that is, told coarsely."""
    return rules.nearness(seen_at, clock.now())
