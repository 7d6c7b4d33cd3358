"""A merchant's coupons."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import DomainError, NotFound
from app.kernel.ids import CouponId
from app.merchants.catalogue.queries import currency_of
from app.merchants.coupons import queries, service
from app.merchants.coupons.forms import CouponForm
from app.merchants.stores.queries import find_store_of
from app.merchants.stores.values import StoreView
from app.platform.wording import worded
from app.web.guards import current, needs_role

pages = Blueprint("coupons", __name__)


@pages.get("/store/coupons")
@needs_role("merchant")
def show() -> ResponseReturnValue:
    """The codes of the store and how often each was used."""
    return _page(CouponForm(currency=currency_of(_own_store().id)))


@pages.post("/store/coupons")
@needs_role("merchant")
def save() -> ResponseReturnValue:
    form = CouponForm()
    if form.validate_on_submit():
        try:
            service.save_coupon(current().id, form.draft())
        except DomainError as problem:
            field = {"bad_code": form.code, "bad_limit": form.uses_most, "bad_time": form.valid_until}
            field.get(problem.error_code, form.percent).errors = [worded(problem)]
        else:
            flash(_("Saved."))
            return redirect("/store/coupons", 303)
    return _page(form), 422


@pages.post("/store/coupons/<coupon_id>/end")
@needs_role("merchant")
def end(coupon_id: CouponId) -> ResponseReturnValue:
    service.end_coupon(current().id, coupon_id)
    flash(_("Nobody can use this code any more."))
    return redirect("/store/coupons", 303)


def _own_store() -> StoreView:
    store = find_store_of(current().id)
    if store is None:
        raise NotFound("Open your store first.")
    return store


def _page(form: CouponForm) -> str:
    store = _own_store()
    return render_template("merchants/coupons/show.html", store=store, form=form, coupons=queries.coupons_of(store.id))
