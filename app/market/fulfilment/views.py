"""The page where a code is scanned, and the label of a parcel."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from app.kernel.ids import OrderId
from app.market.fulfilment.labels import draw_label
from app.market.fulfilment.values import Label
from app.market.orders import service as orders
from app.market.orders.queries import get_order
from app.market.orders.values import Action, Given, OrderDetail, Stage, Who
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.web.guards import current, signed_in
from app.web.headers import CAMERA_HEADER

pages = Blueprint("fulfilment", __name__)
_LABELLED = frozenset({Stage.CONFIRMED, Stage.SHIPPED})


@pages.route("/orders/<order_id>/scan", methods=["GET", "POST"])
@signed_in
def scan(order_id: OrderId) -> ResponseReturnValue:
    """The seller's; the picture that the buyer shows leads here."""
    me = current().id
    order = _sold(order_id)
    if request.method == "GET":
        if Action.HAND_OVER.value not in order.can:
            return redirect(order.card.url)
        return _page(order)
    check_rate(f"order-act:{me}", "120/hour")
    try:
        orders.act(me, order_id, Action.HAND_OVER, Given(code=request.form.get("code", "")))
    except NotFound:
        raise
    except DomainError as problem:
        return _page(_sold(order_id), refused=worded(problem), status=problem.status)
    flash(_("Code correct. The item is handed over."))
    return redirect(order.card.url, 303)


@pages.get("/orders/<order_id>/label.pdf")
@signed_in
def label(order_id: OrderId) -> ResponseReturnValue:
    order = _sold(order_id)
    if not order.address or order.card.stage not in _LABELLED:
        raise Conflict("This order has no label to print now.", code="not_now")
    check_rate(f"label:{current().id}", "60/hour")
    drawn = draw_label(
        Label(
            sender=order.seller.name,
            to=order.buyer.name,
            address=order.address,
            # Translators: on a parcel's label
            order=_("Order %(number)s", number=order_id[-8:].upper()),
            from_word=_("From"),
            to_word=_("To"),
        )
    )
    answer = Response(drawn, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="label-{order_id[-8:]}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _sold(order_id: OrderId) -> OrderDetail:
    order = get_order(current().id, order_id)
    if order.card.role is not Who.SELLER:
        raise Forbidden("Only the seller can open this page.", code="not_yours")
    return order


def _page(order: OrderDetail, *, refused: str | None = None, status: int = 200) -> ResponseReturnValue:
    page = render_template("market/fulfilment/scan.html", order=order, card=order.card, refused=refused)
    return page, status, CAMERA_HEADER
