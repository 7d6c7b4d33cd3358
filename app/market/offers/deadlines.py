"""What the clock does: reminds before an offer runs out, and ends what nobody has answered by then."""

from __future__ import annotations

from app.kernel.clock import clock
from app.market.offers import events
from app.market.offers.models import Offer
from app.market.offers.queries import find_row, overdue, to_remind
from app.market.offers.service import end_within
from app.market.offers.values import Side, State, Why
from app.platform.database import unit_of_work
from app.platform.sql import transition


def end_overdue() -> int:
    """End what nobody has answered in time, each in a transaction of its own; answers how many."""
    found = overdue(clock.now())
    for offer_id in found:
        end_within(offer_id, Why.TIME)
    return len(found)


def remind() -> int:
    """Say to whoever has to answer that the time runs out, once for each bid; answers how many."""
    now = clock.now()
    done = 0
    for offer_id in to_remind(now):
        with unit_of_work() as unit:
            row = find_row(offer_id, lock=True)
            if row is None or row.state != State.OPEN.value or row.remind_at is None or row.remind_at > now:
                continue
            transition(Offer, {"id": offer_id}, {"remind_at": None})
            waits, other = row.seller_id, row.buyer_id
            if row.by == Side.SELLER.value:
                waits, other = other, waits
            unit.record(events.OfferEndsSoon(offer_id=offer_id, member_id=waits, other_id=other))
            done += 1
    return done
