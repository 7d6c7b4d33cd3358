"""Carts for tests: everything in one is ordered."""

from __future__ import annotations

from datetime import timedelta

from app.kernel.clock import clock
from app.kernel.ids import MemberId, OrderGroupId
from app.merchants.carts import queries, rules, service
from app.merchants.carts.values import Checkout, Choice

MEET = Choice(delivery="meet", payment="in_person")


def order_all(
    buyer: MemberId, choices: dict[str, Choice] | None = None, address: str = "", *, later: timedelta = timedelta(0)
) -> OrderGroupId:
    """Look at the cart, and order so much `later`; all is fetched unless it is said otherwise."""
    cart = queries.cart_of(buyer)
    assert cart.id is not None
    chosen = choices or {part.key: MEET for part in cart.parts}
    seen = rules.fingerprint(cart, service.bills_of(cart, chosen))
    with clock.freeze(clock.now() + later):
        return service.check_out(buyer, cart.id, Checkout(choices=chosen, seen=seen, address=address))
