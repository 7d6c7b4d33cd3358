"""A conversation in which something new waits is told once, until it is read."""

from __future__ import annotations

from app.community.chat.events import MessageSent
from app.community.chat.queries import to_be_told
from app.kernel.events import Event
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify_all
from app.notifications.inbox.values import MESSAGE


def react(event: Event, _event_id: int) -> None:
    """Whoever was reading along, or has more waiting there, is not told again."""
    if not isinstance(event, MessageSent):
        return
    place = Subject("conversation", event.conversation_id)
    notify_all(
        to_be_told(event.conversation_id, event.seq),
        MESSAGE,
        place,
        key=f"message:{event.conversation_id}",
        actor_id=event.author_id,
        renew=True,
        hint=False,  # the chat has told already
    )
