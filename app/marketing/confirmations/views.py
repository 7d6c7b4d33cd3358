"""The merchant's page of purchases, and the buyer's."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.purchases.queries import about
from app.kernel.errors import DomainError, Invalid, NotFound
from app.kernel.ids import ItemId, PurchaseId
from app.marketing.confirmations import queries, service
from app.merchants.stores.queries import find_store_of, products
from app.merchants.stores.values import StoreView
from app.people.accounts.queries import find_member_id
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import trails
from app.web.guards import current, needs_role, signed_in

pages = Blueprint("purchases", __name__)


@pages.get("/store/purchases")
@needs_role("merchant")
def show() -> ResponseReturnValue:
    return _page(_own_store())


@pages.post("/store/purchases")
@needs_role("merchant")
def record() -> ResponseReturnValue:
    """Somebody bought something."""
    me, store = current().id, _own_store()
    check_rate(f"evidence:{me}", "120/hour")
    handle = request.form.get("handle", "").strip().removeprefix("@")
    try:
        if not handle:
            raise Invalid("Enter the buyer’s username.", code="missing_field")
        service.record_sale(me, find_member_id(handle), ItemId(request.form.get("item", "")))
    except DomainError as problem:
        return _page(store, handle=handle, refused=worded(problem)), 422
    flash(_("Recorded. We’ve asked the buyer to confirm it."))
    return redirect("/store/purchases", 303)


@pages.post("/store/purchases/<evidence_id>/withdraw")
@needs_role("merchant")
def withdraw(evidence_id: PurchaseId) -> ResponseReturnValue:
    service.withdraw_sale(current().id, evidence_id)
    flash(_("Record withdrawn."))
    return redirect("/store/purchases", 303)


@pages.get("/purchases")
@signed_in
def mine() -> ResponseReturnValue:
    """What others say that the member bought, and the member's answers."""
    page = about(current().id, cursor=request.args.get("cursor"))
    return render_template("marketing/confirmations/mine.html", page=page)


@pages.post("/purchases/<evidence_id>/confirm")
@signed_in
def confirm(evidence_id: PurchaseId) -> ResponseReturnValue:
    service.confirm(current().id, evidence_id)
    flash(_("Confirmed. Your recommendation now shows that you bought it there."))
    return redirect("/purchases", 303)


@pages.post("/purchases/<evidence_id>/decline")
@signed_in
def decline(evidence_id: PurchaseId) -> ResponseReturnValue:
    service.decline(current().id, evidence_id)
    flash(_("Not confirmed. It won’t be shown."))
    return redirect("/purchases", 303)


def _own_store() -> StoreView:
    store = find_store_of(current().id)
    if store is None:
        raise NotFound("Open your store first.")
    return store


def _page(store: StoreView, *, handle: str = "", refused: str | None = None) -> str:
    me = current().id
    page = queries.sales(store.id, viewer_id=me, cursor=request.args.get("cursor"))
    return render_template(
        "marketing/confirmations/show.html",
        store=store,
        products=products(store.id),
        page=page,
        trails=trails(me, {one.member.id for one in page.items} - {me}),
        handle=handle,
        refused=refused,
    )
