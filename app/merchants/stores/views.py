"""A store's page, and the desk of its merchant."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.recommendations.queries import endorsements_of, glances
from app.kernel.errors import DomainError, NotFound
from app.kernel.ids import ItemId, MemberId
from app.kernel.money import Money
from app.marketing.advocates import queries as advocacy
from app.marketing.testimonials import queries as testimonials
from app.marketing.testimonials.values import STORE_PAGE
from app.merchants.stores import queries, service
from app.merchants.stores.forms import NewStoreForm, ProductForm, StoreForm
from app.merchants.stores.values import StoreView
from app.people.profiles.queries import cards
from app.platform.wording import worded
from app.trust.circle.queries import trail_to
from app.web.edits import ChangedMeanwhile
from app.web.frame import viewer
from app.web.guards import current, needs_role

pages = Blueprint("stores", __name__)
MAX_PRODUCTS = 24


@pages.get("/s/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """The store, how the viewer knows its owner, and who recommends what it sells."""
    who = viewer()
    viewer_id = who.id if who else None
    store = queries.get_by_slug(viewer_id, slug)
    products = queries.products(store.id)[:MAX_PRODUCTS]
    said = glances(viewer_id, [product.item.id for product in products])
    shelf = [(product, said[product.item.id]) for product in products]
    own = viewer_id == store.owner_id
    trail = None if own else trail_to(viewer_id, store.owner_id)
    # Whoever has a way to the owner has the face already.
    owner = trail.target if trail else None
    return render_template(
        "merchants/stores/show.html",
        store=store,
        owner=owner or cards([store.owner_id])[store.owner_id],
        trail=trail,
        shelf=shelf,
        own=own,
        words=endorsements_of(viewer_id, store.item_id),
        quotes=testimonials.shown(viewer_id, store.id, STORE_PAGE),
        advocate=advocacy.find_advocate(viewer_id, store.id) if viewer_id else None,
    )


@pages.get("/store")
@needs_role("merchant")
def desk() -> ResponseReturnValue:
    """The merchant's desk, or the form that opens a store."""
    store = queries.find_store_of(current().id)
    if store is None:
        return render_template("merchants/stores/open.html", form=NewStoreForm())
    return _desk(store, StoreForm(obj=store), ProductForm(currency="SEK"))


@pages.post("/store")
@needs_role("merchant")
def save() -> ResponseReturnValue:
    """Open the store, or change what it says of itself."""
    me = current().id
    store = queries.find_store_of(me)
    form, status = StoreForm() if store else NewStoreForm(), 422
    if form.validate_on_submit():
        name, about = form.name.data or "", form.about.data or ""
        try:
            if store:
                service.change_store(me, store.id, form.merged)
            else:
                service.open_store(me, name=name, slug=form["slug"].data, about=about)
        except ChangedMeanwhile as problem:
            status = problem.status
        except DomainError as problem:
            form.name.errors = [worded(problem)]
        else:
            flash(_("Saved."))
            return redirect("/store")
    if store is None:
        return render_template("merchants/stores/open.html", form=form), 422
    return _desk(store, form, ProductForm()), status


@pages.post("/store/products")
@needs_role("merchant")
def add_product() -> ResponseReturnValue:
    """Put an item on sale."""
    me = current().id
    store = _own_store(me)
    form = ProductForm()
    if form.validate_on_submit():
        item_id = ItemId((form.item.data or "").strip().rstrip("/").rsplit("/", 1)[-1])
        try:
            price = Money.parse(form.price.data or "", form.currency.data)
            service.add_product(me, store.id, item_id, price.minor, price.currency)
        except DomainError as problem:
            form.item.errors = [worded(problem)]
        else:
            flash(_("Added to your store."))
            return redirect("/store")
    return _desk(store, StoreForm(obj=store, formdata=None), form), 422


@pages.post("/store/products/<item_id>/remove")
@needs_role("merchant")
def remove_product(item_id: ItemId) -> ResponseReturnValue:
    me = current().id
    service.remove_product(me, _own_store(me).id, item_id)
    flash(_("Removed from your store."))
    return redirect("/store")


def _own_store(member_id: MemberId) -> StoreView:
    store = queries.find_store_of(member_id)
    if store is None:
        raise NotFound("Open your store first.")
    return store


def _desk(store: StoreView, form: StoreForm, product_form: ProductForm) -> str:
    return render_template(
        "merchants/stores/desk.html",
        store=store,
        form=form,
        product_form=product_form,
        products=queries.products(store.id),
    )
