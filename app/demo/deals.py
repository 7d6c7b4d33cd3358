"""Orders of the demo, one in every stage: Ana buys, and somebody buys from her."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.ids import ListingId, MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.fulfilment.queries import shown_code
from app.market.listings.models import Listing
from app.market.listings.values import ListingKind, Status
from app.market.orders.service import act, place_order
from app.market.orders.values import Action, Delivery, Given, Payment, Placing
from app.platform.database import db

_SHIP: Final = (Action.CONFIRM, Action.PAY, Action.MARK_PAID, Action.SHIP)
_MEET: Final = (Action.CONFIRM, Action.PROPOSE, Action.AGREE, Action.HAND_OVER)
# What has been done with each; the first are Ana's purchases, then come her sales.
_ORDERS: Final[tuple[tuple[str, tuple[Action, ...]], ...]] = (
    ("meet", ()),
    ("meet", _MEET[:2]),
    ("ship", _SHIP[:2]),
    ("ship", _SHIP),
    ("meet", (*_MEET, Action.RECEIVE)),
    ("meet", (*_MEET, Action.RECEIVE, Action.COMPLETE)),
    ("meet", (Action.CANCEL,)),
)
_SALES: Final[tuple[tuple[str, tuple[Action, ...]], ...]] = (("meet", ()), ("ship", _SHIP[:3]), ("meet", _MEET[:3]))
_GIVEN: Final = {
    Action.SHIP: Given(carrier="PostNord", tracking="UX123456789SE"),
    Action.CANCEL: Given(reason="I found one next door"),
}
_SELLERS: Final = frozenset({Action.CONFIRM, Action.MARK_PAID, Action.SHIP, Action.HAND_OVER, Action.AGREE})


def trade(ids: Mapping[str, MemberId], at: datetime) -> None:
    """Whoever of these is in the demo buys and sells; a small demo has few things to buy."""
    ana = ids.get("ana")
    friend = next((ids[one] for one in ("bo", "dana", "greta") if one in ids), None)
    if ana is None or friend is None:
        return
    open_now = select(Listing.id, Listing.seller_id).where(
        Listing.status == Status.ACTIVE.value, Listing.kind == ListingKind.SALE.value
    )
    with clock.freeze(at) as held:
        for query, orders in (
            (open_now.where(Listing.seller_id != ana), _ORDERS),
            (open_now.where(Listing.seller_id == ana), _SALES),
        ):
            rows = db.session.execute(query.order_by(Listing.id).limit(len(orders))).all()
            for row, (way, steps) in zip(rows, orders, strict=False):
                buyer = friend if row.seller_id == ana else ana
                _go(buyer, row.seller_id, row.id, way, steps)
                held.advance(timedelta(minutes=7))


def _go(buyer: MemberId, seller: MemberId, listing: ListingId, way: str, steps: tuple[Action, ...]) -> None:
    ships = way == Delivery.SHIP
    order_id = place_order(
        buyer,
        Placing(
            buyer_id=buyer,
            subject=Subject("listing", listing),
            delivery=way,
            payment=Payment.BANK_TRANSFER if ships else Payment.IN_PERSON,
            address="Bytaregatan 4\n222 21 Lund" if ships else "",
        ),
    )
    for action in steps:
        act(seller if action in _SELLERS else buyer, order_id, action, _given(order_id, action))


def _given(order_id: OrderId, action: Action) -> Given:
    if action is Action.HAND_OVER:
        return Given(code=shown_code(order_id) or "")
    if action is Action.PROPOSE:
        return Given(at=clock.now() + timedelta(days=2, hours=3), place="Café Ariman, Kungsgatan 2B")
    return _GIVEN.get(action, Given())
