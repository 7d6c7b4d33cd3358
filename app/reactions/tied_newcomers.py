"""When somebody has joined through an invitation, inviter and newcomer are tied."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.people.accounts.events import MemberJoined
from app.platform.event_log import Start
from app.trust.referrals.service import record_referral

NAME = "tied_newcomers"
STARTS = Start.BEGINNING
LISTENS_TO = (MemberJoined,)


def concerns(event: Event) -> bool:
    """Only who came through an invitation."""
    return isinstance(event, MemberJoined) and event.inviter_id is not None


def react(event: Event, _event_id: EventId) -> None:
    """The row makes the tie last; the trust graph has heard of it already."""
    if isinstance(event, MemberJoined) and event.inviter_id is not None:
        record_referral(event.inviter_id, event.member_id)
