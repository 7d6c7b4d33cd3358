"""How an offer goes from one step to the next: each is one conditional statement, and accepting orders the thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.ids import ListingId, MemberId, OrderGroupId, OrderId, new_id
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.offers import events, rules
from app.market.offers.models import Offer, OfferItemRow, OfferStep
from app.market.offers.queries import KIND, accept_from, steps_of, table_of, times
from app.market.offers.values import MAX_NOTE_LENGTH, Side, State, Verb
from app.market.orders import service as orders
from app.market.orders.values import Placing
from app.platform.database import UnitOfWork, db
from app.platform.markup import clean_text
from app.platform.sql import transition

LISTING: Final = "listing"


def accept(unit: UnitOfWork, row: Offer, side: Side) -> None:
    """Of two who accept at once, or accept and withdraw, one moves the row; the order is made in its transaction."""
    move(unit, row, side, Verb.ACCEPT, {"state": State.ACCEPTED.value})
    _place(row)
    unit.record(
        events.OfferAccepted(
            **two(row), by=side.value, amount_minor=row.amount.minor, currency=row.currency, bid=row.bid
        )
    )


def accept_at_once(unit: UnitOfWork, row: Offer) -> None:
    db.session.flush()
    items = _items(row)
    table = table_of(row, steps_of([row.id])[row.id])
    beforehand = accept_from(items[0].listing_id) if len(items) == 1 and items[0].quantity == 1 else None
    if rules.accepts_at_once(table, beforehand):
        accept(unit, row, Side.HOUSE)


def _place(row: Offer) -> list[OrderId]:
    """One order for each thing, the total shared by what was asked for each, to the last cent."""
    items = _items(row)
    shares = row.amount.allocate([one.asked_minor for one in items])
    if len(items) > 1:
        row.group_id = OrderGroupId(new_id())
    return [
        orders.place_within(
            replace(
                placing(row.buyer_id, row.delivery, row.payment, row.address, one.listing_id, one.quantity),
                total=share,
                source_id=row.id,
                group_id=row.group_id,
                conversation_id=row.conversation_id,
            )
        )
        # Always in the same order: two bundles that share things don't wait for each other.
        for one, share in sorted(zip(items, shares, strict=True), key=lambda pair: pair[0].listing_id)
    ]


def move(
    unit: UnitOfWork,
    row: Offer,
    side: Side,
    verb: Verb,
    changes: dict[str, Any],
    *,
    amount: Money | None = None,
    parent: int | None = None,
    note: str = "",
) -> None:
    """One step, once: of two at the same moment one is told to look again."""
    seq = row.steps + 1
    here = {"id": row.id, "state": State.OPEN.value, "steps": seq - 1}
    if not transition(Offer, here, {**changes, "steps": seq}):
        raise rules.OfferOver
    db.session.refresh(row)
    add_step(row, seq, side, verb, amount, note, parent)
    if row.state != State.OPEN.value:
        for item in _items(row):
            item.open = False
    db.session.flush()
    hint(unit, row)


def add_step(
    row: Offer, seq: int, side: Side, verb: Verb, amount: Money | None, note: str, parent: int | None = None
) -> None:
    db.session.add(
        OfferStep(
            offer_id=row.id,
            seq=seq,
            verb=verb.value,
            side=side.value,
            amount_minor=amount.minor if amount else None,
            parent=parent,
            note=clean_text(note, MAX_NOTE_LENGTH),
        )
    )


def _items(row: Offer) -> list[OfferItemRow]:
    query = select(OfferItemRow).where(OfferItemRow.offer_id == row.id).order_by(OfferItemRow.position)
    return list(db.session.scalars(query))


def placing(
    buyer_id: MemberId, delivery: str, payment: str, address: str, listing_id: ListingId, quantity: int
) -> Placing:
    return Placing(
        buyer_id=buyer_id,
        subject=Subject(LISTING, listing_id),
        delivery=delivery,
        payment=payment,
        address=address,
        quantity=quantity,
        agreed=True,
        source_kind=KIND,
    )


def two(row: Offer) -> dict[str, Any]:
    return {"offer_id": row.id, "buyer_id": row.buyer_id, "seller_id": row.seller_id}


def hint(unit: UnitOfWork, row: Offer) -> None:
    unit.hint((f"member:{row.buyer_id}", f"member:{row.seller_id}"), "offer:changed", {"id": row.id})


def remind_again(row: Offer) -> datetime | None:
    """Somebody else has to answer now: they are reminded as well, where there is time for it."""
    _after, before = times()
    at = row.ends_at - before
    return at if at > clock.now() else None
