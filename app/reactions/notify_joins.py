"""Whoever invited somebody learns that they came."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify
from app.notifications.inbox.values import JOINED
from app.people.accounts.events import MemberJoined
from app.platform.event_log import Start

NAME = "notify_joins"
STARTS = Start.HEAD
LISTENS_TO = (MemberJoined,)


def concerns(event: Event) -> bool:
    """Only who came through an invitation."""
    return isinstance(event, MemberJoined) and event.inviter_id is not None


def react(event: Event, _event_id: EventId) -> None:
    """Only who came through an invitation."""
    if isinstance(event, MemberJoined) and event.inviter_id is not None:
        who = event.member_id
        notify(event.inviter_id, JOINED, Subject("member", str(who)), key=f"joined:{who}", actor_id=who)
