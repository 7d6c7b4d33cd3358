"""A service of the demo with times to book, one of them taken, and a move that waits for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.market.bookings.queries import slots_of
from app.market.bookings.service import book, open_slots, propose_move
from app.market.bookings.values import SlotPlan
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft


def offer_times(ids: Mapping[str, MemberId], at: datetime) -> None:
    """Whoever of these is in the demo mends bicycles, and Ana has hers mended."""
    ana = ids.get("ana")
    mechanic = next((ids[one] for one in ("bo", "dana", "greta") if one in ids), None)
    if ana is None or mechanic is None:
        return
    with clock.freeze(at):
        listing = publish_listing(
            mechanic,
            ListingDraft(
                kind="service",
                title="Bicycle check-up, an hour",
                description="Brakes, gears, lights and air. Small parts included.",
                price="30",
                currency="EUR",
                place="Lund",
            ),
        )
        first = (at + timedelta(days=2)).replace(hour=8, minute=0, second=0, microsecond=0)
        open_slots(
            mechanic, listing, SlotPlan(first=first, minutes=60, in_a_row=4, weeks=4, place="Spolegatan 5, Lund")
        )
        slots = slots_of(listing, at, at + timedelta(days=7), for_seller=False)
        if len(slots) > 2:
            booking, _order = book(ana, slots[0].id)
            propose_move(mechanic, booking, slots[2].id)
