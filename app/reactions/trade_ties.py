"""Whoever was well served in an order trusts the other side a little: a tie of the trust graph, and no more than that.

Only what both can read by then counts, and only between the two: a stranger's review makes nobody trust anybody.
"""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.reviews.events import ReviewUncovered, ReviewUpdated
from app.market.reviews.values import GOOD
from app.platform.event_log import Start
from app.trust.trades.service import record_trade

NAME = "trade_ties"
STARTS = Start.BEGINNING
LISTENS_TO = (ReviewUncovered, ReviewUpdated)


def concerns(event: Event) -> bool:
    """Only a good one."""
    return isinstance(event, LISTENS_TO) and event.stars >= GOOD


def react(event: Event, _event_id: EventId) -> None:
    """Once for each order and side."""
    if isinstance(event, LISTENS_TO):
        record_trade(event.order_id, event.author_id, event.about_id)
