"""Carts as their owners see them: always at the prices of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ScalarSelect, func, select

from app.community.recommendations.queries import glances
from app.community.recommendations.values import Glance
from app.kernel.errors import DomainError, NotFound
from app.kernel.ids import BasketId, CartId, MemberId, OrderGroupId, PhotoId, StoreId
from app.kernel.subjects import Subject
from app.kernel.viewer import Viewer
from app.market.orders.goods import Offered, goods_of
from app.market.orders.queries import in_group
from app.market.orders.values import OrderCard, Snapshot
from app.market.stock.queries import left_of
from app.merchants.carts.models import BasketLine, Cart, CartLine
from app.merchants.carts.values import CartLineView, CartState, CartView, SellerPart, Trouble
from app.merchants.catalogue.queries import items_of_variants, shipping_options
from app.merchants.coupons.queries import held_for
from app.merchants.coupons.values import Held
from app.merchants.stores.queries import find_store_of
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db


def cart_of(member_id: MemberId) -> CartView:
    """All that is in the member's open cart."""
    cart_id = open_cart(member_id)
    return read_cart(member_id, cart_id) if cart_id else CartView(id=None)


def read_cart(member_id: MemberId, cart_id: CartId) -> CartView:
    """One cart of the member's, by seller and currency."""
    rows = lines_of(cart_id)
    found: dict[tuple[MemberId, str], list[CartLineView]] = {}
    gone: list[CartLineView] = []
    left = {kind: left_of(kind, [row.thing_id for row in rows if row.thing_kind == kind]) for kind in _kinds(rows)}
    for row in rows:
        subject = Subject(row.thing_kind, row.thing_id)
        try:
            offered = goods_of(subject).offered(member_id, row.thing_id)
        except DomainError:
            gone.append(_gone(row, subject))
            continue
        line = _line(row, subject, offered, left[row.thing_kind].get(row.thing_id))
        found.setdefault((offered.seller_id, offered.snapshot.price.currency), []).append(line)
    people = cards({seller for seller, _currency in found})
    held = held_for(cart_id)
    return CartView(
        id=cart_id,
        parts=tuple(_part(people[seller], currency, lines, held) for (seller, currency), lines in found.items()),
        gone=tuple(gone),
    )


def open_cart(member_id: MemberId) -> CartId | None:
    """The member's open cart."""
    query = select(Cart.id).where(Cart.member_id == member_id, Cart.state == CartState.OPEN.value)
    return db.session.scalar(query)


def lines_of(cart_id: CartId) -> Sequence[CartLine]:
    """The rows of a cart, the oldest first."""
    query = select(CartLine).where(CartLine.cart_id == cart_id).order_by(CartLine.added_at, CartLine.thing_id)
    return db.session.scalars(query).all()


def group_of(member_id: MemberId, cart_id: CartId) -> OrderGroupId | None:
    """What the member's cart became."""
    query = select(Cart.group_id).where(Cart.id == cart_id, Cart.member_id == member_id)
    return db.session.scalar(query)


def said_of(member_id: MemberId, cart: CartView) -> dict[str, Glance]:
    """What the member's circle says of the products in the cart, by the line's thing; three statements."""
    items = items_of_variants(line.subject.id for line in cart.lines if line.of_store)
    found = glances(member_id, sorted(set(items.values())))
    return {variant: found[item] for variant, item in items.items()}


def get_group(viewer_id: MemberId, group_id: OrderGroupId) -> list[tuple[OrderCard, Snapshot]]:
    """The viewer's orders of a group, one for each seller; raises `NotFound`."""
    found = in_group(viewer_id, group_id)
    if not found:
        raise NotFound("These orders don’t exist.")
    return found


def things_in(basket_id: BasketId) -> list[tuple[Subject, int]]:
    """What is in a basket, and how often; in the order in which they are locked."""
    query = (
        select(BasketLine).where(BasketLine.basket_id == basket_id).order_by(BasketLine.thing_kind, BasketLine.thing_id)
    )
    return [(Subject(row.thing_kind, row.thing_id), row.quantity) for row in db.session.scalars(query)]


def in_cart(viewer: Viewer) -> ScalarSelect[int]:
    """How many things the viewer's cart has."""
    return (
        select(func.count())
        .select_from(CartLine)
        .join(Cart, Cart.id == CartLine.cart_id)
        .where(Cart.member_id == viewer.id, Cart.state == CartState.OPEN.value)
        .scalar_subquery()
    )


def _kinds(rows: Sequence[CartLine]) -> set[str]:
    return {row.thing_kind for row in rows}


def _gone(row: CartLine, subject: Subject) -> CartLineView:
    return CartLineView(
        subject=subject, quantity=row.quantity, title=row.title, url="", trouble=Trouble.GONE, before=row.price
    )


def _line(row: CartLine, subject: Subject, offered: Offered, counted: int | None) -> CartLineView:
    thing = offered.snapshot
    left = offered.stock if counted is None else counted
    trouble = None
    if left < row.quantity:
        trouble = Trouble.TOO_MANY if left else Trouble.GONE
    return CartLineView(
        subject=subject,
        quantity=row.quantity,
        title=thing.title,
        url=thing.url,
        photo_id=PhotoId(thing.photo_ids[0]) if thing.photo_ids else None,
        price=thing.price,
        before=row.price if row.price != thing.price else None,
        left=left,
        tax_rate=thing.tax_rate,
        trouble=trouble,
    )


def _part(seller: MemberCard, currency: str, lines: list[CartLineView], held: Mapping[StoreId, Held]) -> SellerPart:
    store = find_store_of(seller.id) if any(line.of_store for line in lines) else None
    coupon = held.get(store.id) if store else None
    return SellerPart(
        seller=seller,
        currency=currency,
        lines=tuple(lines),
        shipping=tuple(one for one in shipping_options(store.id) if one.price.currency == currency) if store else (),
        store_id=store.id if store else None,
        store_name=store.name if store else "",
        # At another currency or below its minimum it takes nothing off.
        coupon=coupon if coupon and coupon.worth.minimum.currency == currency else None,
        store_url=store.url if store else "",
    )
