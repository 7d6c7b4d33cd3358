"""What happens in conversations."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import ConversationId, MemberId, MessageId


@dataclass(frozen=True, kw_only=True)
class ConversationStarted(Event):
    """Somebody opened a conversation with others."""

    conversation_id: ConversationId
    starter_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """A message has its place in a conversation."""

    conversation_id: ConversationId
    message_id: MessageId
    author_id: MemberId
    seq: int


@dataclass(frozen=True, kw_only=True)
class MessageHeld(Event):
    """A message shows so many signs of fraud that a moderator reads it first."""

    conversation_id: ConversationId
    message_id: MessageId
    author_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MessageReleased(Event):
    """A moderator found nothing wrong with a held message: now the others read it."""

    conversation_id: ConversationId
    message_id: MessageId
    moderator_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MessageEdited(Event):
    """An author has put a message differently; what it said before is kept."""

    conversation_id: ConversationId
    message_id: MessageId
    author_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MessageRemoved(Event):
    """A message was taken away by its author or a moderator; its number stays."""

    conversation_id: ConversationId
    message_id: MessageId
    actor_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MemberMentioned(Event):
    """A message speaks to somebody of the conversation by name."""

    conversation_id: ConversationId
    message_id: MessageId
    author_id: MemberId
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class RequestAnswered(Event):
    """Whoever was written to from outside the circle has accepted or declined."""

    conversation_id: ConversationId
    member_id: MemberId
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class PersonJoined(Event):
    """Somebody takes part in a group or a room from now on."""

    conversation_id: ConversationId
    member_id: MemberId
    actor_id: MemberId


@dataclass(frozen=True, kw_only=True)
class RoomChanged(Event):
    """A room has another name, or is closed: it is found by other words, or not any more."""

    conversation_id: ConversationId


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    """Somebody takes part no longer, by their own or the owner's decision."""

    conversation_id: ConversationId
    member_id: MemberId
    actor_id: MemberId
