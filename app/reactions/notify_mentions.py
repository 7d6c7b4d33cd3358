"""Whoever is spoken to by name in a conversation is told, also where the rest is muted."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId, MessageId
from app.kernel.subjects import Subject
from app.messaging.conversations.events import MemberMentioned
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import MENTION
from app.platform.event_log import Start
from app.platform.subjects import is_visible

NAME = "notify_mentions"
STARTS = Start.HEAD
LISTENS_TO = (MemberMentioned,)


def mention_key(message_id: MessageId) -> str:
    """The occasion: spoken to in this message."""
    return f"mention:{message_id}"


def react(event: Event, _event_id: EventId) -> None:
    """Once for each message."""
    if isinstance(event, MemberMentioned):
        if not is_visible(event.member_id, Subject("message", event.message_id)):
            return  # taken back meanwhile, or the member has left
        notify(
            event.member_id,
            MENTION,
            Subject("conversation", event.conversation_id),
            key=mention_key(event.message_id),
            actor_id=event.author_id,
        )
