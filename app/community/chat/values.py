"""What the pages, the API and the sockets show of conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

PRIVATE: Final = "private"
LISTING: Final = "listing"
GROUP: Final = "group"

LONGEST_BODY: Final = 4000
LONGEST_TITLE: Final = 80
LONGEST_CLIENT_ID: Final = 64
MOST_MEMBERS: Final = 50
CATCH_UP: Final = 200  # messages in one answer to a join


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message has its place, for good; `created` is false when it stood already."""

    id: str
    seq: int
    created: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as others see it; a deleted one has no body."""

    id: str
    conversation_id: str
    seq: int
    change_seq: int
    client_id: str
    author_id: int
    author: str
    body: str
    html: str
    at: datetime
    edited_at: datetime | None
    deleted: bool


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation in the member's list."""

    id: str
    kind: str
    title: str | None
    listing_id: str | None
    last_at: datetime
    last_seq: int
    unread: int
    other_ids: tuple[int, ...]
    last_author_id: int | None
    last_text: str


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation that the member takes part in."""

    id: str
    kind: str
    title: str | None
    listing_id: str | None
    last_seq: int
    last_change_seq: int
    read_seq: int
    other_ids: tuple[int, ...]


def room_of(conversation_id: str) -> str:
    """The realtime room of a conversation."""
    return f"conversation:{conversation_id}"
