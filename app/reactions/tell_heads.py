"""A conversation whose hints were lost between two processes is told how far it has come."""

from __future__ import annotations

from app.community.chat.queries import heads_of
from app.community.chat.values import room_of
from app.platform.room_heads import Numbered
from app.platform.socket_watch import follow_heads


def watch_conversations() -> None:
    """Not a reaction of the log: each process looks after the rooms that its own clients have joined."""
    follow_heads(
        Numbered(
            prefix=room_of(""),
            hint="conversation:head",
            name="conversation",
            fields=("seq", "change_seq"),
            carriers={"message:new": "seq", "message:changed": "change_seq"},
            read=heads_of,
        )
    )
