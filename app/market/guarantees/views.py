"""Asking a friend to stand in, and answering."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import DomainError, NotFound
from app.kernel.ids import GuaranteeId, OrderId
from app.kernel.money import Money
from app.market.guarantees import queries, service
from app.market.orders.queries import get_order
from app.people.accounts.queries import find_member_id
from app.platform.wording import worded
from app.web.guards import current, signed_in

pages = Blueprint("guarantees", __name__)


@pages.get("/guarantees")
@signed_in
def mine() -> ResponseReturnValue:
    return render_template("market/guarantees/mine.html", guarantees=queries.of_guarantor(current().id))


@pages.route("/orders/<order_id>/guarantor", methods=["GET", "POST"])
@signed_in
def ask(order_id: OrderId) -> ResponseReturnValue:
    me = current().id
    order = get_order(me, order_id)
    handle, amount, error, status = request.form.get("handle", ""), request.form.get("amount", ""), None, 200
    if request.method == "POST":
        try:
            friend = find_member_id(handle)
            if friend is None:
                raise NotFound("There is no member called “%(handle)s”.", handle=handle)
            service.ask_guarantor(me, order_id, friend, Money.parse(amount, order.card.total.currency))
        except DomainError as problem:
            error, status = worded(problem), 422
        else:
            flash(_("Request sent."))
            return redirect(f"/orders/{order_id}/guarantor", 303)
    page = "market/guarantees/ask.html"
    given = queries.of_order(order_id)
    return render_template(page, order=order, given=given, handle=handle, amount=amount, error=error), status


@pages.post("/guarantees/<guarantee_id>/accept")
@signed_in
def accept(guarantee_id: GuaranteeId) -> ResponseReturnValue:
    service.answer_guarantee(current().id, guarantee_id, accept=True)
    flash(_("You’re the guarantor for this order."))
    return redirect("/guarantees", 303)


@pages.post("/guarantees/<guarantee_id>/decline")
@signed_in
def decline(guarantee_id: GuaranteeId) -> ResponseReturnValue:
    service.answer_guarantee(current().id, guarantee_id, accept=False)
    flash(_("Declined."))
    return redirect("/guarantees", 303)
