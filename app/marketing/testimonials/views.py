"""Quotes: the merchant asks, the author answers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import DomainError, NotFound
from app.kernel.ids import RecommendationId, TestimonialId
from app.marketing.testimonials import queries, service
from app.marketing.testimonials.values import STORE_PAGE
from app.merchants.stores.queries import find_store_of
from app.merchants.stores.values import StoreView
from app.people.profiles.queries import cards
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import trails
from app.web.guards import current, needs_role, signed_in

pages = Blueprint("testimonials", __name__)


@pages.get("/store/quotes")
@needs_role("merchant")
def desk() -> ResponseReturnValue:
    """What members recommend of the store, and what became of each request."""
    return _desk(_own_store())


@pages.post("/store/quotes")
@needs_role("merchant")
def ask() -> ResponseReturnValue:
    me, store = current().id, _own_store()
    check_rate(f"quote:{me}", "60/day")
    use = request.form.get("use", "").strip() or STORE_PAGE
    try:
        service.ask_to_quote(me, RecommendationId(request.form.get("recommendation", "")), use)
    except DomainError as problem:
        return _desk(store, worded(problem)), problem.status
    flash(_("Request sent. We’ll notify you when they answer."))
    return redirect("/store/quotes", 303)


@pages.get("/quotes")
@signed_in
def mine() -> ResponseReturnValue:
    """Everything that stores have asked of the member."""
    return render_template("marketing/testimonials/mine.html", quotes=queries.asked_of(current().id))


@pages.post("/quotes/<testimonial_id>/agree")
@signed_in
def agree(testimonial_id: TestimonialId) -> ResponseReturnValue:
    service.agree(current().id, testimonial_id)
    flash(_("Agreed. You can withdraw this here at any time."))
    return redirect("/quotes", 303)


@pages.post("/quotes/<testimonial_id>/decline")
@signed_in
def decline(testimonial_id: TestimonialId) -> ResponseReturnValue:
    service.decline(current().id, testimonial_id)
    flash(_("Declined. They cannot ask for this again."))
    return redirect("/quotes", 303)


@pages.post("/quotes/<testimonial_id>/withdraw")
@signed_in
def withdraw(testimonial_id: TestimonialId) -> ResponseReturnValue:
    service.withdraw(current().id, testimonial_id)
    flash(_("Withdrawn. It’s no longer shown there."))
    return redirect("/quotes", 303)


def _own_store() -> StoreView:
    store = find_store_of(current().id)
    if store is None:
        raise NotFound("Open your store first.")
    return store


def _desk(store: StoreView, refused: str | None = None) -> str:
    me = current().id
    said = queries.praise(current().id, store.id)
    asked = queries.asked_by(store.id)
    authors = {one.member_id for one in said} - {me}
    ways = trails(me, authors)
    faces = cards(authors)
    return render_template(
        "marketing/testimonials/desk.html",
        store=store,
        said=[one for one in said if one.member_id in faces],
        faces=faces,
        trails=ways,
        asked=queries.uses_asked(asked),
        store_page=STORE_PAGE,
        refused=refused,
    )
