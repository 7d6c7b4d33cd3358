"""What the access town has to hand over: codes, parcels, bookings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.access_town import AccessTown


def settle_handing(town: AccessTown) -> None:
    """An order whose code can be scanned, and a parcel with a label."""
    from app.market.fulfilment.queries import shown_code
    from app.market.orders.values import Stage
    from tests.support.orders import ADDRESS, deal

    olli, cora = town.people["olli"], town.people["cora"]
    met = deal(cora, olli, Stage.CONFIRMED)
    town.special["/orders/<order_id>/scan"] = {"order_id": met.order}
    town.bodies["POST /orders/<order_id>/scan"] = {"code": shown_code(met.order) or ""}
    sent = deal(cora, olli, Stage.SHIPPED, delivery="ship", payment="bank_transfer", address=ADDRESS)
    town.special["/orders/<order_id>/label.pdf"] = {"order_id": sent.order}


def settle_bookings(town: AccessTown) -> None:
    """Olli's times, two of them booked by Cora. They expire, so they lie ahead of now."""
    from app.kernel.clock import clock
    from app.market.bookings.queries import slots_of
    from app.market.bookings.service import book, open_slots, propose_move
    from tests.support.bookings import plan, service_of

    olli, cora = town.people["olli"], town.people["cora"]
    repair = service_of(olli)
    # A page looks at today and the six days after it.
    open_slots(olli, repair, plan(clock.now() + timedelta(days=2), minutes=30, in_a_row=8))
    slots = slots_of(repair, clock.now(), clock.now() + timedelta(days=7), for_seller=False)
    asked, plain, free = (one.id for one in slots[:3])
    booking, _order = book(cora, asked)
    propose_move(cora, booking, free)
    town.ids |= {"slot_id": slots[3].id, "booking_id": booking}
    for route in ("/market/<listing_id>/times", "/market/<listing_id>/times/<slot_id>"):
        town.special[route] = {"listing_id": repair}
    town.special["/market/<listing_id>/times/<slot_id>/close"] = {"listing_id": repair, "slot_id": slots[4].id}
    town.special["/bookings/<booking_id>/<any(move, agree, decline, no_show):verb>"] = {"verb": "agree"}
    other, _order = book(cora, plain)
    town.special["/bookings/<booking_id>/booking.ics"] = {"booking_id": other}
    town.special["/api/v1/listings/<listing_id>/slots"] = {"listing_id": repair}
    town.special["/api/v1/slots/<slot_id>"] = {"slot_id": slots[5].id}
    town.special["/api/v1/bookings/<booking_id>/<any(move, agree, decline, no_show):action>"] = {"action": "agree"}
    town.bodies["POST /api/v1/listings/<listing_id>/slots"] = {
        "first": f"{clock.now() + timedelta(days=20):%Y-%m-%dT%H:%M}:00+00:00",
        "place": "At mine",
    }
