"""Whoever invited somebody learns that they came."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify
from app.notifications.inbox.values import JOINED
from app.people.accounts.events import MemberJoined


def react(event: Event, _event_id: int) -> None:
    """Only who came through an invitation."""
    if isinstance(event, MemberJoined) and event.inviter_id is not None:
        who = event.member_id
        notify(event.inviter_id, JOINED, Subject("member", str(who)), key=f"joined:{who}", actor_id=who)
