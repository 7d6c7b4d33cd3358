"""What concerns the safety of an account is told its owner at once."""

from __future__ import annotations

from typing import Final

from app.kernel.events import Event
from app.kernel.ids import EventId, MemberId
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import EMAIL_CHANGED, PASSWORD_CHANGED, SIGNED_IN, TOKEN_MADE
from app.people.accounts.events import EmailChanged, PasswordChanged, SignedInAnew, TokenMade
from app.platform.event_log import Start

NAME = "notify_security"
STARTS = Start.HEAD
LISTENS_TO = (SignedInAnew, PasswordChanged, EmailChanged, TokenMade)
ACCOUNT: Final = Subject("account", "mine")


def react(event: Event, event_id: EventId) -> None:
    """Each time anew: two sign-ins are two pieces of news."""
    if isinstance(event, SignedInAnew):
        _tell(event.member_id, SIGNED_IN, event_id)
    elif isinstance(event, PasswordChanged):
        _tell(event.member_id, PASSWORD_CHANGED, event_id)
    elif isinstance(event, EmailChanged):
        _tell(event.member_id, EMAIL_CHANGED, event_id)
    elif isinstance(event, TokenMade):
        _tell(event.member_id, TOKEN_MADE, event_id)


def _tell(member_id: MemberId, kind: str, event_id: EventId) -> None:
    notify(member_id, kind, ACCOUNT, key=f"{kind}:{event_id}")
