"""A product's page, and the merchant's pages of variants, shipping and taxes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import format_percent
from flask_babel import gettext as _

from app.community.recommendations.queries import endorsements_of
from app.kernel.clock import clock
from app.kernel.errors import DomainError, NotFound
from app.kernel.ids import ItemId, ShippingOptionId, VariantId
from app.kernel.money import Money
from app.merchants.catalogue import queries, rules, service
from app.merchants.catalogue.forms import ShippingForm, TaxForm, VariantForm, read_rate
from app.merchants.catalogue.values import VariantDraft
from app.merchants.stores.queries import find_store_of, get_by_slug
from app.merchants.stores.values import StoreView
from app.people.profiles.queries import cards
from app.platform.wording import worded
from app.trust.circle.queries import trail_to
from app.web.frame import viewer
from app.web.guards import current, needs_role

pages = Blueprint("catalogue", __name__)


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """`product.tax_rate|tax_rate`: hundredths of a percent as the reader writes them."""
    state.app.jinja_env.filters["tax_rate"] = lambda rate: format_percent(Decimal(rate) / rules.WHOLE, "#,##0.##%")


@pages.get("/s/<slug>/items/<item_id>")
def show(slug: str, item_id: ItemId) -> ResponseReturnValue:
    """A product: what the viewer's circle says of it first, then what can be ordered."""
    who = viewer()
    viewer_id = who.id if who else None
    store = get_by_slug(viewer_id, slug)
    own = viewer_id == store.owner_id
    trail = None if own else trail_to(viewer_id, store.owner_id)
    owner = trail.target if trail else None
    product = queries.product_page(store.id, item_id)
    return render_template(
        "merchants/catalogue/show.html",
        store=store,
        product=product,
        used=[] if own else queries.used_nearby(viewer_id, product.item.title),
        shipping=queries.shipping_options(store.id),
        owner=owner or cards([store.owner_id])[store.owner_id],
        trail=trail,
        own=own,
        words=endorsements_of(viewer_id, item_id),
    )


@pages.get("/store/products/<item_id>")
@needs_role("merchant")
def edit(item_id: ItemId) -> ResponseReturnValue:
    """The variants of a product."""
    return _product(item_id, VariantForm(currency=_currency(item_id)))


@pages.post("/store/products/<item_id>")
@needs_role("merchant")
def save_variant(item_id: ItemId) -> ResponseReturnValue:
    """Add a variant, or change the one of these options."""
    form = VariantForm()
    if form.validate_on_submit():
        try:
            draft = VariantDraft(
                options=form.options.data or "",
                price=Money.parse(form.price.data or "", form.currency.data),
                stock=form.stock.data or 0,
                sku=form.sku.data or "",
            )
            service.save_variant(current().id, item_id, draft)
        except NotFound:
            raise
        except DomainError as problem:
            field = form.stock if problem.error_code == "bad_quantity" else form.price
            field.errors = [worded(problem)]
        else:
            flash(_("Saved."))
            return redirect(f"/store/products/{item_id}", 303)
    return _product(item_id, form), 422


@pages.post("/store/variants/<variant_id>/remove")
@needs_role("merchant")
def remove_variant(variant_id: VariantId) -> ResponseReturnValue:
    item_id = service.remove_variant(current().id, variant_id)
    flash(_("Removed from your store.") if item_id else _("It isn’t in your store any more."))
    return redirect(f"/store/products/{item_id}" if item_id else "/store", 303)


@pages.get("/store/shipping")
@needs_role("merchant")
def shipping() -> ResponseReturnValue:
    """How the store sends things, and its taxes."""
    return _shipping(ShippingForm(currency=queries.currency_of(_own_store().id)), TaxForm())


@pages.post("/store/shipping")
@needs_role("merchant")
def save_shipping() -> ResponseReturnValue:
    form = ShippingForm()
    if form.validate_on_submit():
        try:
            currency = form.currency.data
            free = (form.free_from.data or "").strip()
            service.save_shipping_option(
                current().id,
                form.name.data or "",
                Money.parse(form.price.data or "", currency),
                Money.parse(free, currency) if free else None,
            )
        except DomainError as problem:
            form.price.errors = [worded(problem)]
        else:
            flash(_("Saved."))
            return redirect("/store/shipping", 303)
    return _shipping(form, TaxForm(formdata=None)), 422


@pages.post("/store/shipping/<option_id>/remove")
@needs_role("merchant")
def remove_shipping(option_id: ShippingOptionId) -> ResponseReturnValue:
    service.remove_shipping_option(current().id, option_id)
    flash(_("Removed."))
    return redirect("/store/shipping", 303)


@pages.post("/store/taxes")
@needs_role("merchant")
def save_tax() -> ResponseReturnValue:
    form = TaxForm()
    if form.validate_on_submit():
        try:
            since = form.valid_from.data or clock.now().date()
            service.save_tax_rate(current().id, form.category.data or "", read_rate(form.rate.data or ""), since)
        except DomainError as problem:
            form.rate.errors = [worded(problem)]
        else:
            flash(_("Saved."))
            return redirect("/store/shipping", 303)
    return _shipping(ShippingForm(formdata=None), form), 422


@pages.post("/store/taxes/remove")
@needs_role("merchant")
def remove_tax() -> ResponseReturnValue:
    try:
        since = date.fromisoformat(request.form.get("valid_from", ""))
    except ValueError:
        return _shipping(ShippingForm(formdata=None), TaxForm(formdata=None)), 422
    service.remove_tax_rate(current().id, request.form.get("category", ""), since)
    flash(_("Removed."))
    return redirect("/store/shipping", 303)


def _own_store() -> StoreView:
    store = find_store_of(current().id)
    if store is None:
        raise NotFound("Open your store first.")
    return store


def _currency(item_id: ItemId) -> str:
    return queries.product_page(_own_store().id, item_id).price.currency


def _product(item_id: ItemId, form: VariantForm) -> str:
    store = _own_store()
    product = queries.product_page(store.id, item_id)
    return render_template("merchants/catalogue/edit.html", store=store, product=product, form=form)


def _shipping(form: ShippingForm, tax_form: TaxForm) -> str:
    store = _own_store()
    return render_template(
        "merchants/catalogue/shipping.html",
        store=store,
        form=form,
        tax_form=tax_form,
        options=queries.shipping_options(store.id),
        taxes=queries.tax_rates(store.id),
    )
