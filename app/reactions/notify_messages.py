"""A conversation in which something new waits is told once, until it is read."""

from __future__ import annotations

from collections.abc import Iterable

from app.kernel.events import Event
from app.kernel.subjects import Subject
from app.messaging.conversations.events import MessageEdited, MessageRemoved, MessageSent, PersonLeft
from app.messaging.conversations.queries import still_to_notify, to_notify
from app.notifications.inbox.service import notify_all, still_waiting, take_back, waiting_from, withdraw
from app.notifications.inbox.values import MESSAGE
from app.people.blocks.events import MemberBlocked
from app.platform.event_log import Start
from app.reactions.notify_mentions import mention_key

NAME = "notify_messages"
STARTS = Start.HEAD
LISTENS_TO = (MessageSent, MessageRemoved, MessageEdited, PersonLeft, MemberBlocked)


def react(event: Event, _event_id: int) -> None:
    """Who has a line already is not told again, and a line with nothing behind it goes."""
    if isinstance(event, MessageSent):
        place = Subject("conversation", event.conversation_id)
        notify_all(
            to_notify(event.conversation_id, event.seq),
            MESSAGE,
            place,
            key=f"message:{event.conversation_id}",
            actor_id=event.author_id,
            until_read=True,
            hint=False,  # the chat has told already
        )
    elif isinstance(event, MessageRemoved | MessageEdited):
        _settle(event.conversation_id)
        if isinstance(event, MessageRemoved):
            take_back(Subject("conversation", event.conversation_id), key=mention_key(event.message_id))
    elif isinstance(event, PersonLeft):
        take_back(Subject("conversation", event.conversation_id), member_id=event.member_id)
    elif isinstance(event, MemberBlocked):
        for one, other in ((event.blocker_id, event.blocked_id), (event.blocked_id, event.blocker_id)):
            for conversation_id in waiting_from(MESSAGE, one, other):
                _settle(conversation_id, [one])


def _settle(conversation_id: str, member_ids: Iterable[int] | None = None) -> None:
    """What was waited for may be gone, held or behind a block: then the line says whose words wait now, or goes."""
    place = Subject("conversation", conversation_id)
    waiting = still_waiting(MESSAGE, place, member_ids)
    if waiting:
        withdraw(MESSAGE, place, waiting, still_to_notify(conversation_id, waiting))
