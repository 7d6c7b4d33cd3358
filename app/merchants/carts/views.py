"""The cart, the checkout, and what was ordered together."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import DomainError, Invalid, NotFound
from app.kernel.ids import OrderGroupId, StoreId
from app.kernel.subjects import Subject
from app.market.orders.queries import ways_of
from app.market.orders.values import Delivery
from app.merchants.carts import queries, rules, service
from app.merchants.carts.forms import read_choices, whole
from app.merchants.carts.values import CartView, Checkout
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import trails
from app.web.guards import current, safe_next, signed_in

pages = Blueprint("carts", __name__)


@pages.get("/cart")
@signed_in
def show() -> ResponseReturnValue:
    """What is in it, by seller, at the prices of now."""
    return _page(queries.cart_of(current().id))


@pages.post("/cart/lines")
@signed_in
def put() -> ResponseReturnValue:
    """So many of a thing; 0 takes it out."""
    me = current().id
    check_rate(f"cart:{me}", "300/hour")
    subject = Subject(request.form.get("kind", ""), request.form.get("thing", ""))
    quantity = whole(request.form.get("quantity", "1"))
    try:
        service.put(me, subject, quantity)
    except NotFound:
        raise
    except DomainError as problem:
        return _page(queries.cart_of(me), refused=worded(problem)), problem.status
    flash(_("Removed from your cart.") if quantity == 0 else _("Your cart is up to date."))
    return redirect(safe_next(request.form.get("next"), "/cart"), 303)


@pages.post("/cart/coupons")
@signed_in
def use_code() -> ResponseReturnValue:
    """A coupon for what one store has in the cart; without a code it is taken off again."""
    me = current().id
    check_rate(f"coupon:{me}", "30/hour")
    code = request.form.get("code", "")[:100]
    try:
        service.use_code(me, StoreId(request.form.get("store", "")), code)
    except NotFound:
        raise
    except DomainError as problem:
        return _page(queries.cart_of(me), refused=worded(problem)), problem.status
    flash(_("Coupon added.") if code.strip() else _("Coupon removed."))
    return redirect("/cart", 303)


@pages.get("/cart/checkout")
@signed_in
def choose() -> ResponseReturnValue:
    """How each seller's part comes and is paid."""
    cart = queries.cart_of(current().id)
    if not cart.ready:
        return redirect("/cart")
    return _checkout(cart)


@pages.post("/cart/checkout")
@signed_in
def order() -> ResponseReturnValue:
    """First the sums are shown, then all is ordered."""
    me = current().id
    cart = queries.cart_of(me)
    sent = request.form
    cart_id = cart.id
    known = queries.group_of(me, sent.get("cart", ""))  # type: ignore[arg-type] # compared with ids only
    if known is not None:
        return redirect(f"/orders/groups/{known}", 303)
    if cart_id is None or not cart.ready:
        return _page(cart, refused=worded(rules.CartChanged())), 409
    choices = read_choices(cart, sent)
    address = sent.get("address", "")
    try:
        bills = service.bills_of(cart, choices)
        if any(choice.delivery == Delivery.SHIP for choice in choices.values()) and not address.strip():
            raise Invalid("Enter the address it should be sent to.", code="address_missing")
        if sent.get("step") != "order":
            return _checkout(cart, bills=bills)
        check_rate(f"order:{me}", "30/hour")
        group_id = service.check_out(me, cart_id, Checkout(choices=choices, seen=sent.get("seen", ""), address=address))
    except DomainError as problem:
        at = "address" if problem.error_code == "address_missing" else f"way-{cart.parts[0].key}"
        return _checkout(queries.cart_of(me), refused=worded(problem), at=at), problem.status
    flash(_("Ordered. We’ve told the sellers."))
    return redirect(f"/orders/groups/{group_id}", 303)


@pages.get("/orders/groups/<group_id>")
@signed_in
def group(group_id: OrderGroupId) -> ResponseReturnValue:
    """What was ordered together: one order for each seller."""
    me = current().id
    found = queries.get_group(me, group_id)
    return render_template(
        "merchants/carts/group.html",
        orders=found,
        trails=trails(me, [card.other.id for card, _snapshot in found]),
    )


def _page(cart: CartView, *, refused: str = "") -> str:
    me = current().id
    return render_template(
        "merchants/carts/show.html",
        cart=cart,
        refused=refused,
        trails=trails(me, [part.seller.id for part in cart.parts]),
    )


def _checkout(
    cart: CartView, *, bills: dict[str, tuple[rules.Line, ...]] | None = None, refused: str = "", at: str = ""
) -> str:
    if not cart.ready:
        return _page(cart, refused=refused)
    me = current().id
    sums = {part.key: rules.sums_of(bills[part.key], part.currency) for part in cart.parts} if bills else {}
    return render_template(
        "merchants/carts/checkout.html",
        cart=cart,
        said={} if bills else queries.said_of(me, cart),
        ways={part.key: ways_of(part.goods) for part in cart.parts},
        bills=bills,
        sums=sums,
        totals=rules.by_currency(one.total for one in sums.values()),
        seen=rules.fingerprint(cart, bills) if bills else "",
        sent=request.form,
        refused=refused,
        at=at,
        trails=trails(me, [part.seller.id for part in cart.parts]),
    )
