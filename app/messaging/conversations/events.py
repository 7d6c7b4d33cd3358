"""What happens in conversations."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class ConversationStarted(Event):
    """Somebody opened a conversation with others."""

    conversation_id: str
    starter_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """A message has its place in a conversation."""

    conversation_id: str
    message_id: str
    author_id: MemberId
    seq: int


@dataclass(frozen=True, kw_only=True)
class MessageHeld(Event):
    """A message shows so many signs of fraud that a moderator reads it first."""

    conversation_id: str
    message_id: str
    author_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MessageReleased(Event):
    """A moderator found nothing wrong with a held message: now the others read it."""

    conversation_id: str
    message_id: str
    moderator_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MessageEdited(Event):
    """An author has put a message differently; what it said before is kept."""

    conversation_id: str
    message_id: str
    author_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MessageRemoved(Event):
    """A message was taken away by its author or a moderator; its number stays."""

    conversation_id: str
    message_id: str
    actor_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MemberMentioned(Event):
    """A message speaks to somebody of the conversation by name."""

    conversation_id: str
    message_id: str
    author_id: MemberId
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class RequestAnswered(Event):
    """Whoever was written to from outside the circle has accepted or declined."""

    conversation_id: str
    member_id: MemberId
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class PersonJoined(Event):
    """Somebody takes part in a group or a room from now on."""

    conversation_id: str
    member_id: MemberId
    actor_id: MemberId


@dataclass(frozen=True, kw_only=True)
class RoomChanged(Event):
    """A room has another name, or is closed: it is found by other words, or not any more."""

    conversation_id: str


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    """Somebody takes part no longer, by their own or the owner's decision."""

    conversation_id: str
    member_id: MemberId
    actor_id: MemberId
