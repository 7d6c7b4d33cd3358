"""A conversation in which something new waits is told once, until it is read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from app.kernel.events import Event
from app.kernel.ids import ConversationId, EventId, MemberId
from app.kernel.subjects import Subject
from app.messaging.conversations.events import MessageEdited, MessageRemoved, MessageSent, PersonLeft
from app.messaging.conversations.queries import still_to_notify, to_notify
from app.notifications.inbox.service import notify_each, still_waiting, take_back, told_of, waiting_from, withdraw
from app.notifications.inbox.values import MESSAGE, Occasion
from app.people.blocks.events import MemberBlocked
from app.platform.event_log import Start
from app.reactions.notify_mentions import mention_key

NAME = "notify_messages"
STARTS = Start.HEAD
LISTENS_TO = (MessageSent, MessageRemoved, MessageEdited, PersonLeft, MemberBlocked)


def _key(conversation_id: ConversationId) -> str:
    """The occasion: something new waits in this conversation."""
    return f"message:{conversation_id}"


def react_all(events: Sequence[tuple[Event, EventId]]) -> None:
    """In a lively chat hardly a message tells anybody: what follows each other is looked at together."""
    for said, some in itertools.groupby((event for event, _ in events), lambda one: isinstance(one, MessageSent)):
        if said:
            _tell([one for one in some if isinstance(one, MessageSent)])
        else:
            for event in some:
                _change(event)


def react(event: Event, event_id: EventId) -> None:
    """Who has a line already is not told again, and a line with nothing behind it goes."""
    react_all([(event, event_id)])


def _tell(said: Sequence[MessageSent]) -> None:
    waiting = to_notify([one.message_id for one in said])
    places = {one.conversation_id for one in said if one.message_id in waiting}
    told = set(told_of(map(_key, places), {who for some in waiting.values() for who in some}))
    occasions = []
    for one in said:
        key = _key(one.conversation_id)
        for who in waiting.get(one.message_id, ()):
            if (who, key) not in told:
                told.add((who, key))
                occasions.append(Occasion(who, Subject("conversation", one.conversation_id), key, one.author_id))
    notify_each(MESSAGE, occasions, until_read=True, hint=False)  # the chat has told already


def _change(event: Event) -> None:
    if isinstance(event, MessageRemoved | MessageEdited):
        _settle(event.conversation_id)
        if isinstance(event, MessageRemoved):
            take_back(Subject("conversation", event.conversation_id), key=mention_key(event.message_id))
    elif isinstance(event, PersonLeft):
        take_back(Subject("conversation", event.conversation_id), member_id=event.member_id)
    elif isinstance(event, MemberBlocked):
        for one, other in ((event.blocker_id, event.blocked_id), (event.blocked_id, event.blocker_id)):
            for conversation_id in waiting_from(MESSAGE, one, other):
                _settle(ConversationId(conversation_id), [one])


def _settle(conversation_id: ConversationId, member_ids: Iterable[MemberId] | None = None) -> None:
    """What was waited for may be gone, held or behind a block: then the line says whose words wait now, or goes."""
    place = Subject("conversation", conversation_id)
    waiting = still_waiting(MESSAGE, place, member_ids)
    if waiting:
        withdraw(MESSAGE, place, waiting, still_to_notify(conversation_id, waiting))
