"""When a right ends, the sockets that lived by it end, in every process that holds some."""

from __future__ import annotations

from flask import Flask

from app.messaging.conversations.events import PersonLeft
from app.messaging.conversations.queries import shared_by
from app.messaging.conversations.values import room_of
from app.people.accounts.events import MemberErased, MemberSuspended, SignedOut, TokensRevoked
from app.people.blocks.events import MemberBlocked
from app.platform.realtime import cut_off, cut_off_in_room
from app.platform.socket_watch import watch


def watch_log(app: Flask) -> None:
    """Not reactions of the log: each process has sockets of its own to look after."""
    watch(app, MemberSuspended, lambda event: cut_off(event.member_id))
    watch(app, MemberErased, lambda event: cut_off(event.member_id))
    watch(app, SignedOut, lambda event: cut_off(event.member_id, tokens=False))
    watch(app, TokensRevoked, lambda event: cut_off(event.member_id, sessions=False))
    watch(app, MemberBlocked, after_block)
    watch(app, PersonLeft, lambda event: cut_off_in_room(event.member_id, room_of(event.conversation_id)))


def after_block(event: MemberBlocked) -> None:
    """Both leave the conversations that only they two have; what else they do goes on."""
    for conversation_id in shared_by(event.blocker_id, event.blocked_id):
        for member_id in (event.blocker_id, event.blocked_id):
            cut_off_in_room(member_id, room_of(conversation_id))
