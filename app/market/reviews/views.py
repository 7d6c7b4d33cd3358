"""Writing a review, and what is said of somebody."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import MemberId, OrderId, PhotoId, ReviewId
from app.market.orders.queries import get_order
from app.market.orders.values import OrderDetail, Who
from app.market.reviews import afterwards, queries, rules, service
from app.market.reviews.forms import REMEDIES, STAR_WORDS, ReviewForm, part_labels
from app.market.reviews.values import Part, ReviewDraft, Standing
from app.people.accounts.queries import member_id
from app.people.profiles.queries import profile
from app.platform.files import store_photo
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.web.frame import viewer
from app.web.guards import current, signed_in

pages = Blueprint("reviews", __name__)


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["part_labels"] = part_labels
    state.app.jinja_env.filters["star_word"] = lambda stars: STAR_WORDS.get(stars, "")


@pages.route("/orders/<order_id>/review", methods=["GET", "POST"])
@signed_in
def write(order_id: OrderId) -> ResponseReturnValue:
    me = current().id
    order = get_order(me, order_id)
    standing = queries.standing_of(me, order)
    if standing is None:
        raise Conflict("You can review an order once it is completed.", code="not_now")
    form, status = ReviewForm(), 200
    parts = rules.parts_for(order.card.role, order.delivery)
    if form.validate_on_submit():
        check_rate(f"review:{me}", "30/hour")
        try:
            service.write_review(me, order_id, form.draft, _stored(me))
        except Invalid as problem:
            form.photos.errors = [worded(problem)]
        else:
            flash(_("Thanks for your review."))
            return redirect(f"/orders/{order_id}/review", 303)
    if form.is_submitted():
        status = 422
    return _page(order, form, standing, parts), status


@pages.get("/reviews/how")
def how() -> ResponseReturnValue:
    return render_template("market/reviews/how.html")


@pages.get("/reviews/<review_id>")
def show(review_id: ReviewId) -> ResponseReturnValue:
    """One review with all that was said before."""
    return _one(review_id)


@pages.post("/reviews/<review_id>/answer")
@signed_in
def answer(review_id: ReviewId) -> ResponseReturnValue:
    me = current().id
    check_rate(f"review-answer:{me}", "30/hour")
    try:
        afterwards.answer_review(me, review_id, request.form.get("text", ""))
    except Invalid as problem:
        return _one(review_id, worded(problem), "answer"), problem.status
    flash(_("Reply posted."))
    return redirect(f"/reviews/{review_id}", 303)


@pages.post("/reviews/<review_id>/offer")
@signed_in
def offer(review_id: ReviewId) -> ResponseReturnValue:
    me = current().id
    check_rate(f"review-offer:{me}", "30/hour")
    try:
        afterwards.offer_recovery(me, review_id, request.form.get("remedy", ""), request.form.get("offer", ""))
    except Invalid as problem:
        return _one(review_id, worded(problem), "offer"), problem.status
    flash(_("Offer sent."))
    return redirect(f"/reviews/{review_id}", 303)


@pages.post("/reviews/<review_id>/done")
@signed_in
def done(review_id: ReviewId) -> ResponseReturnValue:
    afterwards.finish_recovery(current().id, review_id)
    flash(_("Thanks. We’ve asked whether they want to update the review."))
    return redirect(f"/reviews/{review_id}", 303)


@pages.post("/reviews/<review_id>/update")
@signed_in
def update(review_id: ReviewId) -> ResponseReturnValue:
    me = current().id
    check_rate(f"review:{me}", "30/hour")
    stars = request.form.get("stars", "")
    draft = ReviewDraft(stars=int(stars) if stars in set("12345") else 0, text=request.form.get("text", ""))
    try:
        afterwards.update_review(me, review_id, draft)
    except Invalid as problem:
        return _one(review_id, worded(problem), "update"), problem.status
    flash(_("Review updated. The earlier text stays in its history."))
    return redirect(f"/reviews/{review_id}", 303)


@pages.get("/m/<handle>/reviews")
def about(handle: str) -> ResponseReturnValue:
    """All that is said of somebody: counts, people whom the viewer knows, then the newest."""
    ident = member_id(handle)
    who = viewer()
    viewer_id = who.id if who else None
    cursor = request.args.get("cursor")
    found, more = queries.reviews_about(viewer_id, ident, cursor=cursor)
    return render_template(
        "market/reviews/about.html",
        card=profile(ident).card,
        reviews=found,
        more=more,
        praise=None if cursor else queries.praise_of(viewer_id, ident),
        own=viewer_id == ident,
    )


def _one(review_id: ReviewId, refused: str | None = None, at: str = "") -> str:
    who = viewer()
    me = who.id if who else None
    found = queries.get_review(me, review_id)
    mine, theirs, recovery = me == found.about.id, me == found.author.id, found.recovery
    shown = found.visible_at is not None
    return render_template(
        "market/reviews/show.html",
        review=found,
        versions=queries.versions_of(review_id),
        can_answer=mine and shown and found.answer is None,
        can_offer=mine and shown and recovery is None and rules.is_recoverable(found.stars, found.role),
        can_finish=mine and recovery is not None and recovery.done_at is None,
        can_update=theirs and recovery is not None and recovery.done_at is not None and recovery.updated_at is None,
        remedies=REMEDIES,
        star_words=STAR_WORDS,
        refused=refused,
        at=at,
        sent=request.form,
    )


def _page(order: OrderDetail, form: ReviewForm, standing: Standing, parts: tuple[Part, ...]) -> str:
    buys = order.card.role is Who.BUYER
    return render_template(
        "market/reviews/write.html",
        order=order,
        card=order.card,
        form=form,
        standing=standing,
        parts=[(one.value, part_labels(buys)[one.value]) for one in parts],
        buys=buys,
    )


def _stored(me: MemberId) -> list[PhotoId]:
    files = [file for file in request.files.getlist("photos") if file.filename]
    rules.check_photo_count(len(files))
    return [store_photo(file.stream, me).id for file in files]
