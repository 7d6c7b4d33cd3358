"""The chat's socket events; the door is the site's."""

from __future__ import annotations

from typing import Any

from app.kernel.errors import DomainError, Forbidden, Invalid
from app.kernel.ids import ConversationId, MemberId, PhotoId
from app.messaging.conversations import queries, service
from app.messaging.conversations.message_rows import payload_of
from app.messaging.conversations.reading import mark_read_with_others
from app.messaging.conversations.sending import send_with_others
from app.messaging.conversations.values import CATCH_UP, ConversationView, ParticipantStatus, own_room_of, room_of
from app.people.accounts.queries import require_active, viewer_with_id
from app.people.blocks.queries import out_of_touch
from app.platform import realtime
from app.platform.limits import check_rate
from app.platform.realtime import Answer, Payload, member_room, socket_event
from app.web import sockets as door

JOIN_RATE = "600/minute"
TYPING_RATE = "120/minute"

__all__ = ["door", "join", "read", "send", "typing"]


@socket_event("conversation:join")
def join(member_id: MemberId, data: Payload) -> Answer:
    """Hear a conversation from now on, and get what was missed. Whoever joins a request accepts it."""
    check_rate(f"chat-join:{member_id}", JOIN_RATE)
    require_active(member_id)
    ident = ConversationId(_text(data, "conversation"))
    after_seq = _number(data, "after_seq")
    _check_in_touch(queries.get_conversation(member_id, ident))
    service.answer_request(member_id, ident, accept=True)
    # First into the room, then the reading: what is said in between comes twice, never not at all. And
    # whoever loses the right to be there meanwhile is seen by the reading, or found in the room.
    rooms = room_of(ident), own_room_of(ident, member_id)
    for room in rooms:
        realtime.join(room)
    try:
        now = queries.get_conversation(member_id, ident)
        _check_in_touch(now)
    except DomainError:
        for room in rooms:
            realtime.leave(room)
        raise
    messages = queries.messages_after(ident, after_seq, CATCH_UP + 1, reader=member_id)
    changed = (
        queries.changed_after(ident, _number(data, "after_change"), CATCH_UP + 1, reader=member_id)
        if data.get("after_change") is not None
        else []
    )
    more = len(messages) > CATCH_UP or len(changed) > CATCH_UP
    return {
        "seq": now.last_seq,
        "change_seq": now.last_change_seq,
        "messages": [payload_of(one) for one in messages[:CATCH_UP]],
        "changed": [payload_of(one) for one in changed[:CATCH_UP]],
        "more": more,
    }


@socket_event("message:send")
def send(member_id: MemberId, data: Payload) -> Answer:
    """Say something; being in the room is not what allows it."""
    sent = send_with_others(
        member_id,
        ConversationId(_text(data, "conversation")),
        data.get("client_id") or "",
        _body(data),
        reply_to=_number(data, "reply_to") or None,
        photos=_texts(data, "photos"),
    )
    return {"id": sent.id, "seq": sent.seq, **({"held": True} if sent.held else {})}


@socket_event("conversation:read")
def read(member_id: MemberId, data: Payload) -> Answer:
    """The member has read up to here."""
    return {"seq": mark_read_with_others(member_id, ConversationId(_text(data, "conversation")), _number(data, "seq"))}


@socket_event("conversation:typing")
def typing(member_id: MemberId, data: Payload) -> Answer:
    """Tell the others in the room; nothing is stored."""
    check_rate(f"chat-typing:{member_id}", TYPING_RATE)
    ident = ConversationId(_text(data, "conversation"))
    require_active(member_id)
    view = queries.get_conversation(member_id, ident)
    who = viewer_with_id(member_id)
    if who is not None and view.standing == ParticipantStatus.INSIDE and not view.blocked:
        told = {"conversation": ident, "member": who.handle, "name": who.name}
        apart = [member_room(one) for one in out_of_touch(member_id)]
        realtime.tell_others(room_of(ident), "conversation:typing", told, but=apart)
    return {}


def _check_in_touch(view: ConversationView) -> None:
    """Behind a block the two may still read what was said, but hear nothing of each other."""
    if view.blocked:
        raise Forbidden("You can’t do this, because one of you has blocked the other.", code="blocked")


def _text(data: Payload, name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value or "\x00" in value:
        raise Invalid("“%(name)s” must be a text.", code="bad_payload", name=name)
    return value


def _body(data: Payload) -> str:
    value: Any = data.get("body")
    if not isinstance(value, str):
        raise Invalid("“%(name)s” must be a text.", code="bad_payload", name="body")
    return value


def _texts(data: Payload, name: str) -> list[PhotoId]:
    value: Any = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) and one.isalnum() for one in value):
        raise Invalid("“%(name)s” must be a list of ids.", code="bad_payload", name=name)
    return value


def _number(data: Payload, name: str) -> int:
    value = data.get(name) or 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Invalid("“%(name)s” must be a number.", code="bad_payload", name=name)
    return value
