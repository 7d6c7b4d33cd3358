"""Whoever is trusted learns of it, once for each person."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify
from app.notifications.inbox.values import VOUCH
from app.platform.event_log import Start
from app.trust.vouches.events import VouchGiven

NAME = "notify_vouches"
STARTS = Start.HEAD
LISTENS_TO = (VouchGiven,)


def react(event: Event, _event_id: EventId) -> None:
    """A changed vouch is no news."""
    if isinstance(event, VouchGiven):
        who = event.truster_id
        notify(event.trustee_id, VOUCH, Subject("member", str(who)), key=f"vouch:{who}", actor_id=who)
