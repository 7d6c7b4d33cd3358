"""Making an offer, answering it, and the lists of one's own."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.bounds import whole
from app.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from app.kernel.ids import ListingId, MemberId, OfferId
from app.market.listings.queries import get_listing, of_seller
from app.market.listings.values import ListingCard, ListingKind, Status
from app.market.offers import queries, selling, service
from app.market.offers.forms import DONE, LABELS, OfferForm, labeller
from app.market.offers.values import MAX_ITEMS, OfferDetail, Side, Verb, Wish
from app.market.stock.service import SoldOut
from app.payments.providers.queries import takes_card
from app.people.accounts.queries import find_member_id
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import trail_to, trails
from app.web.guards import current, safe_next, signed_in

pages = Blueprint("offers", __name__)
RATE = "60/hour"
ANSWER_RATE = "120/hour"


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """`offer.state|offer_state_label` and so on."""
    for name, labels in LABELS.items():
        state.app.jinja_env.filters[f"{name}_label"] = labeller(labels)


@pages.get("/offers")
@signed_in
def mine() -> ResponseReturnValue:
    me = current().id
    role = Side.BUYER if request.args.get("role") == "buyer" else Side.SELLER
    found, more = queries.offers_of(me, role, cursor=request.args.get("cursor"))
    ways = trails(me, {one.other.id for one in found}) if found else {}
    return render_template("market/offers/mine.html", offers=found, more=more, role=role.value, ways=ways)


@pages.get("/offers/<offer_id>")
@signed_in
def show(offer_id: OfferId) -> ResponseReturnValue:
    return _page(queries.get_offer(current().id, offer_id))


@pages.post("/offers/<offer_id>/<any(accept, counter, decline, withdraw):verb>")
@signed_in
def answer(offer_id: OfferId, verb: str) -> ResponseReturnValue:
    me = current().id
    check_rate(f"offer-answer:{me}", ANSWER_RATE)
    sent, seen = request.form, request.form.get("bid", type=whole)
    try:
        match Verb(verb):
            case Verb.ACCEPT:
                service.accept_offer(me, offer_id, seen=seen)
            case Verb.COUNTER:
                service.counter_offer(me, offer_id, sent.get("amount", ""), note=sent.get("note", ""), seen=seen)
            case Verb.DECLINE:
                service.decline_offer(me, offer_id, note=sent.get("note", ""), seen=seen)
            case _:
                service.withdraw_offer(me, offer_id, seen=seen)
    except NotFound:
        raise
    except DomainError as problem:
        typed = {"amount": sent.get("amount", ""), "note": sent.get("note", "")}
        page = _page(queries.get_offer(me, offer_id), refused=worded(problem), at=verb, typed=typed)
        return page, problem.status
    flash(str(DONE[verb]))
    return redirect(safe_next(request.form.get("next"), _after(queries.get_offer(me, offer_id))), 303)


@pages.route("/market/<listing_id>/offer", methods=["GET", "POST"])
@signed_in
def make(listing_id: ListingId) -> ResponseReturnValue:
    me = current().id
    card = get_listing(me, listing_id).card
    _check_open(card)
    standing = queries.open_about(me, listing_id, limit=1)
    if standing and request.method == "GET":
        return redirect(standing[0].url, 303)
    more = _more_of(me, card)
    form = OfferForm().with_choices({one.id: one.title for one in more}, cards=takes_card(card.price))
    suggested = queries.suggestion(card)
    status = 200
    if form.validate_on_submit():
        check_rate(f"offer:{me}", RATE)
        try:
            offer_id = service.make_offer(me, _wish(form, listing_id))
        except Invalid as problem:
            field = form.address if problem.error_code == "address_missing" else form.amount
            field.errors = [worded(problem)]
        else:
            flash(_("Offer sent. You’ll hear when it’s answered."))
            return redirect(f"/offers/{offer_id}", 303)
    if form.is_submitted():
        status = 422
    page = render_template("market/offers/make.html", form=form, listing=card, more=more, suggested=suggested)
    return page, status


@pages.post("/market/<listing_id>/offer-terms")
@signed_in
def beforehand(listing_id: ListingId) -> ResponseReturnValue:
    me = current().id
    try:
        service.accept_beforehand(me, listing_id, request.form.get("accept_from", ""))
    except Invalid as problem:
        return _again(listing_id, problem, "accept_from", _("Amount"))
    flash(_("Saved."))
    return redirect(f"/market/{listing_id}", 303)


@pages.post("/market/<listing_id>/reserve")
@signed_in
def reserve(listing_id: ListingId) -> ResponseReturnValue:
    me = current().id
    check_rate(f"offer-answer:{me}", ANSWER_RATE)
    buyer_id = find_member_id(request.form.get("buyer", ""))
    try:
        order_id = selling.reserve_for(me, listing_id, buyer_id, request.form.get("amount", ""))
    except Invalid as problem:
        if problem.error_code == "bad_buyer":
            return _again(listing_id, problem, "reserve-buyer", _("For whom?"))
        return _again(listing_id, problem, "reserve-amount", _("Amount"))
    flash(_("Reserved. It’s sold when they have it."))
    return redirect(f"/orders/{order_id}", 303)


@pages.post("/market/<listing_id>/unsold")
@signed_in
def unsold(listing_id: ListingId) -> ResponseReturnValue:
    selling.undo_sold(current().id, listing_id)
    flash(_("Offered again."))
    return redirect(f"/market/{listing_id}", 303)


def _again(listing_id: ListingId, problem: Invalid, at: str, label: str) -> ResponseReturnValue:
    """The form with what was typed, and what is wrong at its field; where there is none, told on the listing."""
    me = current().id
    card = get_listing(me, listing_id).card
    buyers = queries.buyers_for(me, card)
    if card.price is None or (at == "reserve-buyer" and not buyers):
        flash(worded(problem), "error")
        return redirect(card.url, 303)
    page = render_template(
        "market/offers/again.html",
        listing=card,
        buyers=buyers,
        refused=worded(problem),
        at=at,
        label=label,
        typed=request.form,
    )
    return page, problem.status


def _check_open(card: ListingCard) -> None:
    if card.mine:
        raise Forbidden("You can’t buy from yourself.", code="own_listing")
    if card.status != Status.ACTIVE:
        raise SoldOut
    if card.kind != ListingKind.SALE or card.price is None:
        raise Invalid("This listing has no price.", code="not_for_sale")


def _more_of(me: MemberId, card: ListingCard) -> list[ListingCard]:
    """What else the seller offers in the same currency, for a bundle."""
    return [
        one
        for one in of_seller(me, card.seller.id, limit=MAX_ITEMS + 6)
        if one.id != card.id
        and one.status == Status.ACTIVE
        and one.kind == ListingKind.SALE
        and one.price
        and card.price
        and one.price.currency == card.price.currency
    ][: MAX_ITEMS - 1]


def _wish(form: OfferForm, listing_id: ListingId) -> Wish:
    return Wish(
        listing_ids=[listing_id, *(ListingId(one) for one in form.also.data or ())],
        amount=form.amount.data or "",
        delivery=form.delivery,
        payment=form.payment,
        address=form.address.data or "",
        note=form.note.data or "",
    )


def _after(offer: OfferDetail) -> str:
    """To the order, where one has come of it."""
    return f"/orders/{offer.orders[0]}" if len(offer.orders) == 1 else offer.card.url


def _page(offer: OfferDetail, *, refused: str | None = None, at: str = "", typed: dict[str, str] | None = None) -> str:
    return render_template(
        "market/offers/show.html",
        detail=offer,
        offer=offer.card,
        trail=trail_to(current().id, offer.card.other.id),
        refused=refused,
        at=at,
        typed=typed or {},
    )
