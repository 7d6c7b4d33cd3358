"""Whom a seller begins to trust sees what is shown to these people, and whom they trust no more does not."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.audiences.service import read_again
from app.platform.event_log import Start
from app.trust.trades.events import TradeRecorded
from app.trust.vouches.events import VouchGiven, VouchWithdrawn

NAME = "audience_reach"
STARTS = Start.HEAD
LISTENS_TO = (VouchGiven, VouchWithdrawn, TradeRecorded)


def react(event: Event, _event_id: EventId) -> None:
    """What friends of the seller do counts at the next run of the job."""
    if isinstance(event, VouchGiven | VouchWithdrawn | TradeRecorded):
        read_again(event.truster_id)
