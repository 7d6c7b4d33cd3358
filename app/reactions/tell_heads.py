"""A conversation whose hints were lost between two processes is told how far it has come."""

from __future__ import annotations

from flask import Flask

from app.kernel.ids import ConversationId
from app.messaging.conversations.queries import positions_of
from app.messaging.conversations.values import room_of
from app.platform.sequence_positions import Numbered
from app.platform.socket_watch import follow_positions


def watch_log(app: Flask) -> None:
    """Not a reaction of the log: each process looks after the rooms that its own clients have joined."""
    follow_positions(
        app,
        Numbered(
            prefix=room_of(ConversationId("")),
            hint="conversation:head",
            name="conversation",
            fields=("seq", "change_seq"),
            carriers={"message:new": "seq", "message:changed": "change_seq"},
            read=positions_of,
        ),
    )
