"""Filling a cart, and ordering all of it at once or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import delete, func, select

from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.ids import BasketId, CartId, MemberId, OrderGroupId, StoreId, new_id
from app.kernel.subjects import Subject
from app.market.orders.goods import Goods, Offered, goods_of
from app.market.orders.queries import ways_of
from app.market.orders.service import place_within
from app.market.orders.values import Line, Placing, Snapshot
from app.market.stock import service as stock
from app.market.terms import queries as terms
from app.merchants.carts import queries, rules
from app.merchants.carts.events import CartOrdered
from app.merchants.carts.models import Basket, BasketLine, Cart, CartLine
from app.merchants.carts.values import (
    BASKET,
    MAX_LINES,
    MAX_QUANTITY,
    CartState,
    CartView,
    Checkout,
    Choice,
    SellerPart,
)
from app.merchants.catalogue.values import KIND
from app.merchants.coupons import service as coupons
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_or_ignore, transition, upsert


def put(member_id: MemberId, subject: Subject, quantity: int) -> None:
    """So many of a thing are in the member's cart; 0 takes it out."""
    if not 0 <= quantity <= MAX_QUANTITY:
        raise Invalid("Enter a quantity from 0 to %(most)s.", code="bad_quantity", most=MAX_QUANTITY)
    with unit_of_work():
        require_active(member_id)
        if quantity == 0:
            _take_out(member_id, subject)
            return
        if subject.kind not in {"listing", KIND}:
            raise NotFound("This can’t be put in a cart.")
        offered = goods_of(subject).offered(member_id, subject.id)
        if offered.seller_id == member_id:
            raise Forbidden("You can’t buy from yourself.", code="own_listing")
        cart_id = _open(member_id)
        key = {"cart_id": cart_id, "thing_kind": subject.kind, "thing_id": subject.id}
        price = offered.snapshot.price
        row = {
            **key,
            "quantity": quantity,
            "title": offered.snapshot.title[:400],
            "price_minor": price.minor,
            "currency": price.currency,
            "added_at": clock.now(),
        }
        upsert(CartLine, row, keys=tuple(key), news=("quantity", "title", "price_minor", "currency"))
        lines = db.session.scalar(select(func.count()).where(CartLine.cart_id == cart_id)) or 0
        if lines > MAX_LINES:
            raise Invalid("Your cart is full. Order first, or take something out.", code="cart_full")


def check_out(member_id: MemberId, cart_id: CartId, checkout: Checkout) -> OrderGroupId:
    """Order all that is in the cart, one order for each seller, or nothing; answers the group.

    A cart is ordered once: whoever sends it again gets the same group. Raises `CartChanged`
    where something is gone or has another price than the buyer has seen.
    """
    group_id = OrderGroupId(new_id())
    with unit_of_work() as work:
        require_active(member_id)
        ordered = {"state": CartState.ORDERED.value, "ordered_at": clock.now(), "group_id": group_id}
        if not transition(Cart, {"id": cart_id, "member_id": member_id, "state": CartState.OPEN.value}, ordered):
            before = queries.group_of(member_id, cart_id)
            if before is None:
                raise rules.CartChanged
            return before
        cart = queries.read_cart(member_id, cart_id)
        bills = bills_of(cart, checkout.choices)
        if not cart.ready or rules.fingerprint(cart, bills) != checkout.seen:
            raise rules.CartChanged
        # In one order, whoever else orders of the same sellers: nobody waits for each other in a ring.
        for part in sorted(cart.parts, key=lambda one: (one.seller.id, one.currency)):
            _place(member_id, cart_id, group_id, part, bills[part.key], checkout)
        work.record(CartOrdered(cart_id=cart_id, member_id=member_id, group_id=group_id, orders=len(cart.parts)))
    return group_id


def use_code(member_id: MemberId, store_id: StoreId, code: str) -> None:
    """A coupon of one of the stores in the member's cart is held for it; no code lets go of what is held."""
    with unit_of_work():
        require_active(member_id)
        cart = queries.cart_of(member_id)
        part = next((one for one in cart.parts if one.store_id == store_id), None)
        if cart.id is None or part is None:
            raise NotFound("This store isn’t in your cart.")
        if code.strip():
            coupons.hold_within(member_id, store_id, code, cart.id, part.of_store)
        else:
            coupons.let_go_within(member_id, store_id, cart.id)


def bills_of(cart: CartView, choices: Mapping[str, Choice]) -> dict[str, tuple[Line, ...]]:
    """What is written down of each part, as chosen; raises `Invalid` where a choice is missing."""
    found = {}
    for part in cart.parts:
        choice = choices.get(part.key)
        if choice is None:
            raise Invalid("Choose how you get it and how you pay.", code="bad_way")
        if (choice.delivery, choice.payment) not in ways_of(part.goods):
            raise Invalid("Choose how you get it and how you pay.", code="bad_way")
        shipping = rules.shipping_of(part, choice)
        found[part.key] = rules.lines_of(part, shipping)
    return found


def _place(
    member_id: MemberId,
    cart_id: CartId,
    group_id: OrderGroupId,
    part: SellerPart,
    lines: tuple[Line, ...],
    checkout: Checkout,
) -> None:
    choice, total = checkout.choices[part.key], rules.sums_of(lines, part.currency).total
    basket_id, first = BasketId(new_id()), part.lines[0]
    asked = None
    if any(line.subject.kind == "listing" for line in part.lines):
        # A seller's terms hold for their listings, whichever way they are ordered.
        asked = terms.terms_between(part.seller.id, member_id)
        terms.require_allowed(asked, member_id, choice.payment)
    snapshot = Snapshot(
        title=first.title if len(part.lines) == 1 else f"{first.title} + {len(part.lines) - 1}",
        text="",
        url=first.url,
        kind=BASKET,
        price=total,
        photo_ids=tuple(line.photo_id for line in part.lines if line.photo_id),
        lines=lines,
        terms=terms.in_words(asked, total) if asked else "",
    )
    db.session.add(Basket(id=basket_id, buyer_id=member_id, seller_id=part.seller.id, kept=snapshot.kept()))
    db.session.flush()
    for line in part.lines:
        thing = line.subject
        db.session.add(
            BasketLine(basket_id=basket_id, thing_kind=thing.kind, thing_id=thing.id, quantity=line.quantity)
        )
    db.session.flush()
    order_id = place_within(
        Placing(
            buyer_id=member_id,
            subject=Subject(BASKET, basket_id),
            delivery=choice.delivery,
            payment=choice.payment,
            address=checkout.address,
            total=total,
            source_kind="cart",
            source_id=cart_id,
            group_id=group_id,
        )
    )
    if part.coupon is not None and part.discount:
        coupons.redeem_within(part.coupon.use_id, order_id)


def _open(member_id: MemberId) -> CartId:
    row = {
        "id": new_id(),
        "member_id": member_id,
        "state": CartState.OPEN.value,
        "group_id": None,
        "created_at": clock.now(),
        "ordered_at": None,
    }
    insert_or_ignore(Cart, row)
    found = queries.open_cart(member_id)
    if found is None:
        raise rules.CartChanged
    return found


def _take_out(member_id: MemberId, subject: Subject) -> None:
    cart_id = queries.open_cart(member_id)
    if cart_id is not None:
        db.session.execute(
            delete(CartLine).where(
                CartLine.cart_id == cart_id, CartLine.thing_kind == subject.kind, CartLine.thing_id == subject.id
            )
        )


def _offered(buyer_id: MemberId, ident: str) -> Offered:
    row = db.session.get(Basket, BasketId(ident))
    if row is None or row.buyer_id != buyer_id:
        raise NotFound("This can’t be ordered.")
    return Offered(seller_id=row.seller_id, snapshot=Snapshot.read(row.kept))


def _reserve_within(ident: str) -> None:
    basket = db.session.get_one(Basket, BasketId(ident))
    for thing, quantity in queries.things_in(basket.id):
        goods = goods_of(thing)
        stock.open_within(thing, goods.offered(basket.buyer_id, thing.id).stock)
        stock.take_within(thing, quantity)
        goods.reserve_within(thing.id)


def _release_within(ident: str) -> None:
    for thing, quantity in queries.things_in(BasketId(ident)):
        stock.give_back_within(thing, quantity)
        goods_of(thing).release_within(thing.id)


def _sell_within(ident: str) -> None:
    for thing, _quantity in queries.things_in(BasketId(ident)):
        goods_of(thing).sell_within(thing.id)


GOODS: Final = Goods(
    offered=_offered,
    reserve_within=_reserve_within,
    release_within=_release_within,
    sell_within=_sell_within,
    parts=select(
        BasketLine.basket_id.label("whole_id"), BasketLine.thing_kind, BasketLine.thing_id, BasketLine.quantity
    ),
)
