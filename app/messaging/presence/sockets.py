"""A page that is looked at says so now and then."""

from __future__ import annotations

from app.kernel.ids import ConversationId, MemberId
from app.messaging.conversations import queries as chat
from app.messaging.conversations.values import room_of
from app.messaging.presence import service
from app.people.accounts.queries import viewer_with_id
from app.platform import realtime
from app.platform.limits import check_rate
from app.platform.realtime import Answer, Payload, socket_event

HERE_RATE = "30/minute"


@socket_event("presence:here")
def here(member_id: MemberId, data: Payload) -> Answer:
    """The member is here; who talks with them in this conversation gets a hint."""
    check_rate(f"presence:{member_id}", HERE_RATE)
    if not service.seen(member_id):
        return {}
    ident = data.get("conversation")
    if isinstance(ident, str) and ident and "\x00" not in ident:
        view = chat.get_conversation(member_id, ConversationId(ident))
        who = viewer_with_id(member_id)
        if who is not None and view.in_touch:
            told = {"conversation": ident, "member": who.handle, "online": True}
            realtime.tell_others(room_of(view.id), "presence:changed", told)
    return {}
