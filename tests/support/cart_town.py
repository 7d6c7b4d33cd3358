"""What the access town has of carts: Olli's is full, Cora has ordered of him."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.kernel.ids import MemberId


def fill_carts(people: Mapping[str, MemberId], ids: Mapping[str, Any]) -> dict[str, Any]:
    """The ids of what it makes, by their names in routes."""
    from app.kernel.money import Money
    from app.kernel.subjects import Subject
    from app.merchants.carts import queries, rules
    from app.merchants.carts.service import bills_of, check_out, put
    from app.merchants.carts.values import Checkout, Choice
    from app.merchants.catalogue.queries import shipping_options
    from app.merchants.catalogue.service import save_shipping_option
    from app.merchants.catalogue.values import KIND
    from app.merchants.coupons.queries import coupons_of
    from app.merchants.coupons.service import save_coupon
    from app.merchants.coupons.values import CouponDraft, Worth
    from app.merchants.stores.queries import find_store_of
    from tests.support.stores import variant

    olli, merchant, cora = (people[name] for name in ("olli", "merchant", "cora"))
    mug = variant(olli, ids["item_id"], 500, 9, "Blue")
    bread = variant(merchant, ids["other_item"], 700, 9)
    save_shipping_option(olli, "Parcel", Money(400, "EUR"))
    store = find_store_of(olli)
    assert store is not None
    their_store = find_store_of(merchant)
    assert their_store is not None
    for owner, code in ((olli, "MUGS"), (merchant, "BREAD")):
        save_coupon(owner, CouponDraft(code=code, worth=Worth(minimum=Money(0, "EUR"), percent=10)))
    for buyer, thing in ((olli, bread), (cora, mug)):
        put(buyer, Subject(KIND, thing), 1)
    cart = queries.cart_of(cora)
    assert cart.id is not None
    chosen = {part.key: Choice(delivery="meet", payment="in_person") for part in cart.parts}
    seen = rules.fingerprint(cart, bills_of(cart, chosen))
    return {
        "variant_id": mug,
        "option_id": shipping_options(store.id)[0].id,
        "group_id": check_out(cora, cart.id, Checkout(choices=chosen, seen=seen)),
        "bread": bread,
        "their_store": their_store.id,
        "coupon_id": coupons_of(store.id)[0].id,
    }
