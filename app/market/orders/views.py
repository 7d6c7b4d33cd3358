"""Buying, and the page of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.kernel.errors import DomainError, Invalid, NotFound
from app.kernel.ids import ListingId, OrderId
from app.kernel.subjects import Subject
from app.market.fulfilment.queries import code_picture, shown_code
from app.market.fulfilment.values import CARRIERS
from app.market.listings.queries import get_listing
from app.market.orders import queries, service
from app.market.orders.forms import DONE, LABELS, NEXT_MINE, NEXT_THEIRS, BuyForm, read_given
from app.market.orders.paying import card_page
from app.market.orders.values import Action, OrderCard, OrderDetail, Payment, Placing, Stage, Who
from app.market.terms.queries import terms_shown
from app.payments.providers.queries import takes_card, transfer_details
from app.payments.providers.values import TransferDetails
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import trail_to
from app.web.drawing import bdi
from app.web.guards import current, signed_in

pages = Blueprint("orders", __name__)
_STAGES = ("placed", "confirmed", "received", "completed")


def _labeller(labels: dict[str, Any]) -> Callable[[str], str]:
    return lambda code: labels.get(code, code)


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """`order.stage|stage_label` and so on."""
    for name, labels in LABELS.items():
        state.app.jinja_env.filters[f"{name}_label"] = _labeller(labels)
    state.app.jinja_env.filters["next_words"] = _next_words


def _next_words(card: OrderCard) -> Markup:
    """What the order waits for, and of whom."""
    waits = card.next
    if waits is None:
        return Markup()
    by_card = waits.action is Action.PAY and card.payment is Payment.CARD
    what = "pay_by_card" if by_card else waits.action
    if waits.who == card.role:
        return escape(str(NEXT_MINE.get(what, "")))
    return escape(str(NEXT_THEIRS.get(what, ""))) % {"name": bdi(card.other.name)}


@pages.get("/orders")
@signed_in
def mine() -> ResponseReturnValue:
    role = Who.SELLER if request.args.get("role") == "seller" else Who.BUYER
    found, more = queries.orders_of(current().id, role, cursor=request.args.get("cursor"))
    return render_template("market/orders/mine.html", orders=found, more=more, role=role.value)


@pages.get("/orders/<order_id>")
@signed_in
def show(order_id: OrderId) -> ResponseReturnValue:
    return _page(queries.get_order(current().id, order_id))


@pages.get("/orders/<order_id>/receipt")
@signed_in
def receipt(order_id: OrderId) -> ResponseReturnValue:
    return render_template("market/orders/receipt.html", receipt=queries.get_receipt(current().id, order_id))


@pages.post("/orders/<order_id>/code")
@signed_in
def another_code(order_id: OrderId) -> ResponseReturnValue:
    service.new_code(current().id, order_id)
    flash(_("This is your new code."))
    return redirect(f"/orders/{order_id}", 303)


@pages.post("/orders/<order_id>/<action>")
@signed_in
def act(order_id: OrderId, action: str) -> ResponseReturnValue:
    me = current().id
    if action not in DONE:
        raise NotFound("This page doesn’t exist.")
    check_rate(f"order-act:{me}", "120/hour")
    try:
        if action == Action.PAY and (order := queries.get_order(me, order_id)).payment is Payment.CARD:
            return render_template("market/orders/pay.html", order=order, address=card_page(me, order_id))
        service.act(me, order_id, Action(action), read_given(request.form))
    except NotFound:
        raise
    except DomainError as problem:
        return _page(queries.get_order(me, order_id), refused=worded(problem), at=action), problem.status
    flash(str(DONE[action]))
    return redirect(f"/orders/{order_id}", 303)


@pages.route("/market/<listing_id>/buy", methods=["GET", "POST"])
@signed_in
def buy(listing_id: ListingId) -> ResponseReturnValue:
    me = current().id
    detail = get_listing(me, listing_id)
    form = BuyForm()
    if detail.card.price is not None and takes_card(detail.card.price):
        form.offer_cards()
    status = 200
    if form.validate_on_submit():
        check_rate(f"order:{me}", "30/hour")
        try:
            order_id = service.place_order(
                me,
                Placing(
                    buyer_id=me,
                    subject=Subject("listing", listing_id),
                    delivery=form.delivery,
                    payment=form.payment,
                    address=form.address.data or "",
                ),
            )
        except Invalid as problem:
            form.address.errors = [worded(problem)]
        else:
            flash(_("Ordered. We’ve told the seller."))
            return redirect(f"/orders/{order_id}", 303)
    if form.is_submitted():
        status = 422
    terms = None if detail.card.mine else terms_shown(detail.card.seller.id, me, detail.card.price)
    return render_template("market/orders/buy.html", form=form, listing=detail.card, terms=terms), status


def _page(order: OrderDetail, *, refused: str | None = None, at: str = "") -> str:
    card, me = order.card, current().id
    to_transfer = _to_transfer(order)
    buys = card.role is Who.BUYER
    shows = buys and card.stage is Stage.CONFIRMED and order.delivery == "meet"
    code = shown_code(card.id) if shows else None
    return render_template(
        "market/orders/show.html",
        order=order,
        card=card,
        buys=buys,
        trail=trail_to(me, card.other.id),
        code=code,
        carriers=CARRIERS,
        code_picture=code_picture(card.id, code) if code else None,
        way=_way(order),
        to_transfer=to_transfer,
        transfer=_transfer_to(order) if to_transfer else None,
        returned="paid" in request.args,
        refused=refused,
        at=at,
    )


def _to_transfer(order: OrderDetail) -> bool:
    """Whether money is to be sent from bank to bank now."""
    waits = order.card.next
    by_transfer = order.payment is Payment.BANK_TRANSFER
    return by_transfer and waits is not None and waits.action in {Action.PAY, Action.MARK_PAID}


def _transfer_to(order: OrderDetail) -> TransferDetails | None:
    # The end of the order's number: short enough to be typed, and found again by both.
    return transfer_details(order.seller.id, order.card.total, f"Kinmarket {order.card.id[-8:].upper()}")


def _way(order: OrderDetail) -> list[tuple[str, str]]:
    """The stages from the first to the last: which are behind, which is now, which are to come."""
    stages = [Stage.PLACED, Stage.CONFIRMED, Stage.SHIPPED if order.delivery == "ship" else Stage.HANDED_OVER]
    stages += [Stage.RECEIVED, Stage.COMPLETED]
    now = order.card.stage
    if now is Stage.CANCELLED:
        behind = {step.stage for step in order.steps}
        return [(one.value, "done") for one in stages if one is Stage.PLACED or one in behind] + [(now.value, "now")]
    place = stages.index(now)
    return [
        (one.value, "done" if number < place else "now" if number == place else "next")
        for number, one in enumerate(stages)
    ]
