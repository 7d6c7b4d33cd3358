"""Keeps the reach of sellers as the trust graph has it: at most a circle of people for each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select

from app.kernel.clock import clock
from app.kernel.ids import ListingId, MemberId
from app.market.audiences.models import ListingAudience, ReachingSeller, SellerReach
from app.market.audiences.queries import audience_of
from app.market.audiences.values import MAX_STEPS, Audience
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_or_ignore, transition, upsert
from app.trust.circle.loading import NotLoaded
from app.trust.circle.queries import certain_circle_of

AT_ONCE: Final = 200  # sellers in one run of the job
FRESH: Final = timedelta(minutes=1)


def show_to_within(listing_id: ListingId, seller_id: MemberId, audience: Audience) -> None:
    """From now on the listing is shown to these; nobody is reached until the seller's reach has been read.

    The same again is no news: the time until it grows goes on.
    """
    with unit_of_work():
        db.session.flush()
        if audience_of(listing_id) == audience:
            return
        if not audience.steps:
            db.session.execute(delete(ListingAudience).where(ListingAudience.listing_id == listing_id))
            return
        row = {
            "listing_id": listing_id,
            "seller_id": seller_id,
            "steps": audience.steps,
            "days": audience.days,
            "most": audience.most,
            "widens_at": clock.now() + audience.every if audience.every else None,
        }
        upsert(ListingAudience, row, keys=["listing_id"])
        insert_or_ignore(ReachingSeller, {"seller_id": seller_id, "read_at": None})


def due_to_widen(most: int) -> list[tuple[ListingId, MemberId, datetime]]:
    """Whose time has come: listing, seller and the moment."""
    due = select(ListingAudience.listing_id, ListingAudience.seller_id, ListingAudience.widens_at)
    due = due.where(ListingAudience.widens_at <= clock.now()).order_by(ListingAudience.widens_at).limit(most)
    return [(row.listing_id, row.seller_id, row.widens_at) for row in db.session.execute(due)]


def widen_within(listing_id: ListingId, seller_id: MemberId, at: datetime) -> bool:
    """One step farther, once: of two jobs, or a job and the seller, one finds it as it was."""
    with unit_of_work():
        if not transition(ListingAudience, {"listing_id": listing_id, "widens_at": at}, {"widens_at": None}):
            return False
        show_to_within(listing_id, seller_id, audience_of(listing_id).wider)
        return True


def read_reach(seller_id: MemberId) -> bool:
    """Write down whom the seller reaches now; False where the graph is not there yet, or nobody keeps it."""
    try:
        circle = certain_circle_of(seller_id)
    except NotLoaded:
        return False
    # The ways that may be told: a mask is not looked through by counting who sees a listing.
    now = {one: steps for one in circle.ids if (steps := circle.distance(one)) and steps <= MAX_STEPS}
    with unit_of_work():
        # Held until the commit: of two who read at once the later writes what is newer.
        if not transition(ReachingSeller, {"seller_id": seller_id}, {"read_at": clock.now()}):
            return False
        mine = select(SellerReach.member_id, SellerReach.steps).where(SellerReach.seller_id == seller_id)
        before = {row.member_id: row.steps for row in db.session.execute(mine)}
        gone = sorted(before.keys() - now.keys())
        if gone:
            theirs = SellerReach.seller_id == seller_id, SellerReach.member_id.in_(gone)
            db.session.execute(delete(SellerReach).where(*theirs))
        changed = [
            {"seller_id": seller_id, "member_id": one, "steps": steps}
            for one, steps in sorted(now.items())
            if before.get(one) != steps
        ]
        if changed:
            upsert(SellerReach, changed, keys=["seller_id", "member_id"], news=["steps"])
    return True


def read_again(seller_id: MemberId) -> None:
    """The seller trusts somebody more, or less: what is kept of them follows at once."""
    if db.session.get(ReachingSeller, seller_id) is not None:
        read_reach(seller_id)


def read_oldest(most: int = AT_ONCE) -> int:
    """What others do moves a reach too: the longest unread ones are read anew; answers how many."""
    old = or_(ReachingSeller.read_at.is_(None), ReachingSeller.read_at <= clock.now() - FRESH)
    # What was never read comes first, on either database.
    order = (ReachingSeller.read_at.is_not(None), ReachingSeller.read_at)
    waiting = select(ReachingSeller.seller_id).where(old).order_by(*order).limit(most)
    return sum(read_reach(one) for one in db.session.scalars(waiting).all())


def forget_idle() -> int:
    """Whoever shows everything to everyone needs no reach; answers how many that were."""
    with unit_of_work():
        busy = select(ListingAudience.seller_id)
        idle = list(db.session.scalars(select(ReachingSeller.seller_id).where(ReachingSeller.seller_id.not_in(busy))))
        db.session.execute(delete(SellerReach).where(SellerReach.seller_id.in_(idle)))
        db.session.execute(delete(ReachingSeller).where(ReachingSeller.seller_id.in_(idle)))
        return len(idle)
