"""Whoever is spoken to by name in a conversation is told, also where the rest is muted."""

from __future__ import annotations

from app.community.chat.events import MemberMentioned
from app.kernel.events import Event
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import MENTION


def react(event: Event, _event_id: int) -> None:
    """Once for each message."""
    if isinstance(event, MemberMentioned):
        notify(
            event.member_id,
            MENTION,
            Subject("conversation", event.conversation_id),
            key=f"mention:{event.message_id}",
            actor_id=event.author_id,
        )
