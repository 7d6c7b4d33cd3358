"""What happens in conversations."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ConversationStarted(Event):
    """Somebody opened a conversation with others."""

    conversation_id: str
    starter_id: int


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """A message has its place in a conversation."""

    conversation_id: str
    message_id: str
    author_id: int
    seq: int


@dataclass(frozen=True, kw_only=True)
class MessageRemoved(Event):
    """A message was taken away by its author or a moderator; its number stays."""

    conversation_id: str
    message_id: str
    actor_id: int
