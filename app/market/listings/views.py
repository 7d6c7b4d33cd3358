"""The market: browse, look closer, post, change, keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from app.community.recommendations.queries import endorsements_about
from app.kernel.errors import DomainError, Forbidden, Invalid
from app.kernel.ids import ListingId, MemberId, PhotoId
from app.kernel.subjects import Subject
from app.market.listings import queries, service
from app.market.listings.forms import PAGE, PHOTOS, ListingForm, is_typing, labels, read_filter, shown_before
from app.market.listings.prices import DEFAULT_CURRENCY
from app.market.listings.rules import check_photo_count, in_order
from app.market.listings.values import (
    CURRENCIES,
    MAX_ALT_LENGTH,
    MAX_PHOTOS,
    RADII,
    ListingCard,
    ListingDetail,
    MarketFilter,
    MarketPage,
    Sort,
)
from app.market.offers.queries import accept_from, buyers_for
from app.market.offers.queries import open_about as offers_about
from app.market.orders.queries import about as orders_about
from app.market.pins.queries import pinned_by
from app.platform.files import owned_photos, store_photo
from app.platform.formats import money
from app.platform.limits import check_rate
from app.platform.markup import render_markdown
from app.platform.photo_urls import photo_url
from app.platform.places.lookup import learn
from app.platform.places.wording import kilometres
from app.platform.vocabulary.reading import category_choices, category_name
from app.platform.wording import worded
from app.web.drawing import trail as draw_trail
from app.web.edits import ChangedMeanwhile
from app.web.fragments import Fragments
from app.web.frame import viewer
from app.web.guards import current, safe_next, signed_in
from app.web.languages import language, local_currency

pages = Blueprint("listings", __name__)
_things = Fragments()

_PRICE_PROBLEMS = {"bad_amount", "ambiguous_amount", "bad_price", "price_missing", "price_not_allowed"}
_FILTERS = ("kind", "condition", "listing_status", "audience")


def _labeller(name: str) -> Callable[[str | None], str]:
    return lambda code: labels(name).get(code or "", code or "")


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """`listing.kind|kind_label` and so on, in pages and macros."""
    for name in _FILTERS:
        state.app.jinja_env.filters[f"{name}_label"] = _labeller(name)
    state.app.jinja_env.globals["draw_listing"] = _draw


def _draw(listing: ListingCard) -> Markup:
    """A card of the grid: a function, as a page has dozens; what is the same for all viewers is kept."""
    price = listing.price
    shown = (listing.title, price and (price.minor, price.currency), listing.condition, listing.place, listing.cover_id)
    key = (language(), listing.id, listing.kind, *shown)
    thing = _things.get(key, lambda: _macros().thing(listing))
    whose = (
        Markup('<p><span class="pill">{}</span></p>').format(_("Yours")) if listing.mine else draw_trail(listing.trail)
    )
    far = Markup()
    if listing.kilometres is not None and not listing.mine:
        far = Markup(" · <bdi>{}</bdi>").format(kilometres(listing.kilometres))
    card = f'<article class="card lst">{thing}{far}</small>{whose}</div></article>'
    return Markup(card)  # noqa: S704 - all parts are drawn


def _macros() -> Any:
    return current_app.jinja_env.get_template("macros/listing.html").module


@pages.get("/market")
def browse() -> ResponseReturnValue:
    who = viewer()
    wanted = read_filter(request.args, who.id if who else None)
    cursor = request.args.get("cursor")
    before = shown_before(request.args.get("shown"))
    page = queries.browse(who.id if who else None, wanted, cursor=cursor, limit=PAGE if cursor else max(before, PAGE))
    shown = len(page.items) + (before if cursor else 0)
    template = {"results": "_results", "more": "_more"}.get(request.headers.get("HX-Target", ""), "browse")
    answer = make_response(
        render_template(
            f"market/listings/{template}.html",
            page=page,
            wanted=wanted,
            more_url=_market_url(wanted, cursor=page.next, shown=str(shown)) if page.next else None,
            chips=_chips(wanted, page),
            unfiltered_url=_market_url(wanted, distance=""),
            everywhere_url=_market_url(wanted, max_km=""),
            radii=[(str(one), kilometres(one)) for one in sorted({*RADII, wanted.max_km or RADII[0]})],
            categories=category_choices(),
            kinds=labels("kind"),
            sorts=labels("sort"),
            distances=labels("distance"),
            currencies=CURRENCIES,
            typed_price=request.args.get("max_price", ""),
        )
    )
    # The same address answers with a part of the page to htmx.
    answer.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    # Whoever goes back, or loads it anew, finds as much of the list as was there.
    if template == "_more":
        answer.headers["HX-Replace-Url"] = _market_url(wanted, shown=str(shown))
    elif template == "_results":
        typing = is_typing(request.headers.get("HX-Current-URL", ""), wanted.q)
        answer.headers["HX-Replace-Url" if typing else "HX-Push-Url"] = _market_url(wanted)
    return answer


def _chips(wanted: MarketFilter, page: MarketPage) -> list[tuple[str, str, str | None, str]]:
    """For each filter its field, what it is called, what it is set to, and the market without it."""
    price, distance = wanted.max_price, labels("distance")[str(wanted.hops)] if wanted.hops else None
    bought: dict[str, str | None] = {"max_price": None, "currency": None}
    rows: tuple[tuple[str, str, str | None, dict[str, str | None]], ...] = (
        ("category", _("Category"), category_name(wanted.category), {"category": None}),
        ("distance", _("Connection"), distance, {"distance": None}),
        ("price", _("Price"), _("up to %(price)s", price=money(price)) if price else None, bought),
        ("near", _("Near"), _near(wanted, page), {"near": None, "max_km": None}),
        ("kind", _("Type"), labels("kind").get(wanted.kind or ""), {"kind": None}),
        ("sort", _("Sort by"), None if wanted.sort is Sort.NEWEST else labels("sort")[wanted.sort], {"sort": None}),
    )
    known = [row for row in rows if row[0] != "distance" or row[2] or viewer() is not None]
    return [(f"f-{field}", name, value, _market_url(wanted, **without)) for field, name, value, without in known]


def _near(wanted: MarketFilter, page: MarketPage) -> str | None:
    """As the chip says it: how far around which town, or which word the place has."""
    if wanted.max_km and page.centre:
        return str(_("within %(distance)s of %(town)s", distance=kilometres(wanted.max_km), town=page.centre.name))
    return str(_("near %(place)s", place=wanted.near)) if wanted.near else None


@pages.get("/market/<listing_id>")
def show(listing_id: ListingId) -> ResponseReturnValue:
    who = viewer()
    detail = queries.get_listing(who.id if who else None, listing_id)
    more = queries.of_seller(who.id if who else None, detail.card.seller.id, limit=7)
    return render_template(
        "market/listings/show.html",
        listing=detail.card,
        detail=detail,
        description=render_markdown(detail.description),
        others=[card for card in more if card.id != listing_id][:6],
        orders=orders_about(who.id, Subject("listing", listing_id), limit=1) if who else [],
        offers=offers_about(who.id, listing_id) if who else [],
        accept_from=accept_from(listing_id) if detail.card.mine else None,
        buyers=buyers_for(who.id, detail.card) if who else [],
        words=endorsements_about(who.id if who else None, Subject("listing", listing_id)),
    )


@pages.get("/market/saved")
@signed_in
def saved() -> ResponseReturnValue:
    return render_template("market/listings/saved.html", listings=queries.saved(current().id))


@pages.get("/market/mine")
@signed_in
def mine() -> ResponseReturnValue:
    me = current().id
    mine = queries.of_seller(me, me, limit=100)
    return render_template("market/listings/mine.html", listings=mine, pinned_id=pinned_by(me))


@pages.route("/market/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    form = ListingForm(data=_first_values(current().id) if request.method == "GET" else None)
    kept: dict[PhotoId, str] = {}
    if request.method == "POST":
        me = current().id
        check_rate(f"listing-form:{me}", "60/hour")
        kept, refused = _photos_from_form(me)
        if form.validate() and not refused:
            try:
                listing_id = service.publish_listing(me, form.draft(), kept)
            except Invalid as problem:
                refused = _at_its_field(form, problem)
            else:
                flash(_("Listing posted."))
                return redirect(f"/market/{listing_id}", 303)
        return _form_page(form, kept, refused, None), 422
    return _form_page(form, kept, None, None)


@pages.route("/market/<listing_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(listing_id: ListingId) -> ResponseReturnValue:
    me = current().id
    detail = queries.get_listing(me, listing_id)
    if detail.card.seller.id != me:
        raise Forbidden("Only the seller can edit this listing.")
    if request.method == "GET":
        before = {picture.id: picture.alt for picture in detail.pictures}
        form = ListingForm(obj=queries.draft_of(detail)).of_photos(before)
        return _form_page(form, before, None, detail)
    form = ListingForm()
    check_rate(f"listing-form:{me}", "60/hour")
    kept, refused = _photos_from_form(me)
    status = 422
    if form.of_photos(kept).validate() and not refused:
        learn(form.place.data or "")
        try:
            service.change_listing(me, listing_id, form.merged)
        except ChangedMeanwhile as problem:
            status = problem.status
            if PHOTOS in problem.theirs:
                refused = _("The photos were changed in the meantime. Below are your photos and the ones saved since.")
                theirs = {PhotoId(one): form.beside.get(f"alt_{one}", "") for one in problem.theirs[PHOTOS].split()}
                both = kept | {one: alt for one, alt in theirs.items() if one not in kept}
                kept = dict(list(both.items())[:MAX_PHOTOS])
            else:
                kept = form.photos_beside()
        except DomainError as problem:
            refused = _at_its_field(form, problem)
        else:
            flash(_("Saved."))
            return redirect(f"/market/{listing_id}", 303)
    return _form_page(form, kept, refused, detail), status


@pages.post("/market/<listing_id>/sold")
@signed_in
def sold(listing_id: ListingId) -> ResponseReturnValue:
    service.mark_sold(current().id, listing_id)
    flash(_("Marked as sold."))
    return redirect(f"/market/{listing_id}", 303)


@pages.post("/market/<listing_id>/remove")
@signed_in
def remove(listing_id: ListingId) -> ResponseReturnValue:
    service.remove_listing(current().id, listing_id)
    flash(_("Listing removed."))
    return redirect("/market/mine", 303)


@pages.post("/market/<listing_id>/save")
@signed_in
def save(listing_id: ListingId) -> ResponseReturnValue:
    keep = request.form.get("keep") == "1"
    service.save_listing(current().id, listing_id, keep=keep)
    if request.headers.get("HX-Request"):
        return render_template("market/listings/_save.html", listing_id=listing_id, saved=keep)
    return redirect(safe_next(request.form.get("next"), f"/market/{listing_id}"), 303)


def _first_values(me: MemberId) -> dict[str, str]:
    """What an empty form begins with: asked for in the address, or as the member posted before."""
    place, currency = queries.last_terms(me)
    currency = currency or local_currency()
    if currency not in CURRENCIES:
        currency = DEFAULT_CURRENCY
    return {"kind": request.args.get("kind") or "sale", "place": place, "currency": currency}


def _at_its_field(form: ListingForm, problem: DomainError) -> str | None:
    """What is wrong with title or price stands at its field; anything else above the form."""
    if problem.error_code == "bad_audience":
        form.widen_to.errors = [worded(problem)]
        return None
    field = form.title if problem.error_code == "title_too_short" else form.price
    if field is form.price and problem.error_code not in _PRICE_PROBLEMS:
        return worded(problem)
    field.errors = [worded(problem)]
    return None


def _photos_from_form(me: MemberId) -> tuple[dict[PhotoId, str], str | None]:
    """Photos kept from before and those just sent, in the chosen order, each with its words; what was refused."""
    sent = request.form
    dropped = set(sent.getlist("drop_photo"))
    before = [PhotoId(one) for one in sent.getlist("photo_id") if one not in dropped][:MAX_PHOTOS]
    mine = owned_photos(me, before)
    kept = {one: sent.get(f"alt_{one}", "")[:MAX_ALT_LENGTH] for one in before if one in mine}
    files = [file for file in request.files.getlist("photos") if file.filename]
    refused: str | None = None
    new: dict[PhotoId, str] = {}
    try:
        check_photo_count(len(kept) + len(files))
        alts = [*sent.getlist("new_alt"), *[""] * len(files)]
        for file, alt in zip(files, alts, strict=False):
            new[_stored(me, file)] = alt[:MAX_ALT_LENGTH]
    except Invalid as problem:
        refused = worded(problem)
    if order := sent.get("photo_order", ""):
        return in_order(order, kept, new), refused
    cover = sent.get("cover")
    return dict(sorted((kept | new).items(), key=lambda one: one[0] != cover)), refused


def _stored(me: MemberId, file: FileStorage) -> PhotoId:
    try:
        return store_photo(file.stream, me).id
    except Invalid as problem:
        raise Invalid(
            "%(filename)s: %(problem)s", code=problem.error_code, filename=file.filename, problem=problem
        ) from problem


def _form_page(
    form: ListingForm, photos: Mapping[PhotoId, str], refused: str | None, detail: ListingDetail | None
) -> str:
    return render_template(
        "market/listings/form.html",
        form=form,
        photos=[(one, photo_url(one, "card"), alt) for one, alt in photos.items()],
        refused=refused,
        detail=detail,
        most_photos=MAX_PHOTOS,
    )


def _market_url(wanted: MarketFilter, **changes: str | None) -> str:
    parts = {
        "q": wanted.q,
        "category": wanted.category,
        "kind": wanted.kind,
        "max_price": f"{wanted.max_price.major:f}" if wanted.max_price is not None else None,
        "currency": wanted.currency,
        "near": wanted.near,
        "max_km": str(wanted.max_km or ""),
        "distance": wanted.hops,
        "sort": None if wanted.sort == "newest" else wanted.sort.value,
        **changes,
    }
    query = urlencode({name: value for name, value in parts.items() if value not in (None, "")})
    return f"/market?{query}" if query else "/market"
