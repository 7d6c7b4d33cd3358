"""Whoever has completed an order of a store's product has bought the item: their word about it is marked."""

from __future__ import annotations

from app.community.purchases.service import keep_purchase
from app.kernel.errors import DomainError
from app.kernel.events import Event
from app.kernel.ids import BasketId, EventId
from app.market.orders.events import OrderCompleted
from app.merchants.carts.queries import things_in
from app.merchants.carts.values import BASKET
from app.merchants.catalogue.queries import items_of_variants
from app.merchants.catalogue.values import KIND
from app.people.accounts.queries import is_active
from app.platform.event_log import Start

NAME = "bought_products"
STARTS = Start.BEGINNING
LISTENS_TO = (OrderCompleted,)


def react(event: Event, _event_id: EventId) -> None:
    """Completed once or told twice, an order makes one record of each item."""
    if not isinstance(event, OrderCompleted) or not is_active(event.buyer_id):
        return
    if event.thing_kind == BASKET:
        ids = [thing.id for thing, _quantity in things_in(BasketId(event.thing_id)) if thing.kind == KIND]
    else:
        ids = [event.thing_id] if event.thing_kind == KIND else []
    for item_id in sorted(set(items_of_variants(ids).values())):
        try:
            keep_purchase(event.buyer_id, item_id, f"order:{event.order_id}")
        except DomainError:
            continue  # the item is gone
