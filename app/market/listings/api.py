"""Listings over JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.bounds import MAX_COUNTED
from app.kernel.errors import Invalid
from app.kernel.ids import ListingId, PhotoId
from app.market.listings import queries, service
from app.market.listings.forms import read_filter
from app.market.listings.prices import DEFAULT_CURRENCY
from app.market.listings.rules import check_photo_count
from app.market.listings.schemas import Listing, ListingBody, ListingChange, ListingPhotos, Market, MarketQuery
from app.market.listings.values import (
    CURRENCIES,
    ListingCard,
    ListingDetail,
    ListingDraft,
    ListingKind,
    Sort,
    Status,
)
from app.platform.files import store_photo
from app.platform.limits import check_rate
from app.platform.photo_urls import photo_url
from app.platform.places.lookup import learn
from app.platform.places.wording import town
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_listings", __name__, url_prefix="/api/v1", tag="Listings")

_HOPS = 3


@api.get("/listings")
@operation(
    "Search the market",
    about="`max_price` is in `currency`, or in the caller's usual one; prices in other currencies are not "
    "compared with it. `sort=price` begins with that currency too. `max_km` counts from the town of `near`, else from "
    "the caller’s own; `centre` is the town that was understood, null where none is known: then `near` is a word of "
    "the place. `farther` is how many of the first 1,000 match but lie farther away.",
    query=MarketQuery,
    answers=Market,
)
def find_listings(query: MarketQuery) -> ResponseReturnValue:
    asked = query.given()
    _check_filter(asked)
    me = caller().id
    page = queries.browse(me, read_filter(asked, me, strict=True), limit=query.most(), cursor=query.cursor)
    pictures = queries.pictures_of([card.id for card in page.items])
    return {
        "items": [listing_json(card, pictures[card.id]) for card in page.items],
        "next": page.next,
        "filtered_out": min(page.hidden, MAX_COUNTED),
        "farther": page.farther.number,
        "centre": town(page.centre) if page.centre else None,
        "corrected": page.corrected,
    }


@api.post("/listings")
@operation("Post a listing", takes=ListingBody, answers=Listing, status=201, refuses=[403])
def post_listing(body: ListingBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"listing:{me}", "120/hour")
    listing_id = service.publish_listing(me, _draft(body.given(), ListingDraft(kind="", title="")))
    detail = queries.get_listing(me, listing_id)
    return _detail_json(detail), 201, {"Location": f"/api/v1/listings/{listing_id}"}


@api.get("/listings/<listing_id>")
@operation("One listing", answers=Listing)
def read_listing(listing_id: ListingId) -> ResponseReturnValue:
    return _detail_json(queries.get_listing(caller().id, listing_id))


@api.patch("/listings/<listing_id>")
@operation("Change a listing; status “sold” closes it", takes=ListingChange, answers=Listing, refuses=[403, 409])
def change_listing(listing_id: ListingId, body: ListingChange) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"listing:{me}", "120/hour")
    if body.status not in {None, Status.ACTIVE, Status.SOLD}:
        raise Invalid("“status” can only be set to “sold”. Use DELETE to remove a listing.", code="bad_status")
    queries.get_listing(me, listing_id)
    changes = body.given()
    if changes.keys() - {"status"}:
        learn(changes.get("place") or "")
        service.edit_listing(me, listing_id, lambda now: _draft(changes, now))
    if body.status == Status.SOLD:
        service.mark_sold(me, listing_id)
    return _detail_json(queries.get_listing(me, listing_id))


@api.delete("/listings/<listing_id>")
@operation("Take a listing down", answers=None, status=204, refuses=[403, 409])
def delete_listing(listing_id: ListingId) -> ResponseReturnValue:
    service.remove_listing(caller().id, listing_id)
    return "", 204


@api.post("/listings/<listing_id>/photos")
@operation(
    "Add photos: multipart/form-data, one or more files",
    takes=ListingPhotos,
    answers=Listing,
    status=201,
    refuses=[403],
)
def post_photos(listing_id: ListingId, body: ListingPhotos) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"listing:{me}", "120/hour")
    detail = queries.get_listing(me, listing_id)
    if not body.files:
        raise Invalid("No file was sent.", code="photo_missing")
    # Before anything is decoded: who may not add photos should cost nothing.
    service.require_open_for(me, listing_id)
    check_photo_count(len(detail.pictures) + len(body.files))
    added = [store_photo(file.stream, me).id for file in body.files]
    service.add_photos(me, listing_id, added)
    return _detail_json(queries.get_listing(me, listing_id)), 201


def listing_json(card: ListingCard, photo_ids: list[PhotoId]) -> dict[str, Any]:
    """A listing as lists show it."""
    price = card.price
    return {
        "id": card.id,
        "kind": card.kind,
        "title": card.title,
        "category": card.category,
        "condition": card.condition,
        "price": str(price.major) if price else None,
        "price_minor": price.minor if price else None,
        "currency": price.currency if price else None,
        "place": card.place,
        "distance_km": card.kilometres,
        "status": card.status,
        "seller": card.seller.handle,
        "distance": 0 if card.mine else card.trail.distance if card.trail else None,
        "path": card.trail.handles if card.trail else None,
        "saved": card.saved,
        "photos": [{"id": one, "card": photo_url(one), "full": photo_url(one, "full")} for one in photo_ids],
        "url": card.url,
        "at": card.created_at.isoformat(),
    }


def _detail_json(detail: ListingDetail) -> dict[str, Any]:
    return {
        **listing_json(detail.card, [picture.id for picture in detail.pictures]),
        "description": detail.description,
        "updated_at": detail.updated_at.isoformat(),
        "audience_steps": detail.shown.audience.steps or None,
        "widens_at": detail.shown.widens_at.isoformat() if detail.shown.widens_at else None,
        "seen_by": detail.shown.people,
    }


def _draft(data: dict[str, Any], now: ListingDraft) -> ListingDraft:
    """The listing as it is now with what the body says; null empties a field."""
    texts = ("kind", "title", "description", "category", "condition", "currency", "place")
    changes: dict[str, Any] = {}
    for name in texts:
        if name in data:
            value = data[name]
            changes[name] = value if value is not None or name == "condition" else ""
    for name, field in (("audience_steps", "audience"), ("widen_days", "widen_days"), ("widen_to", "widen_to")):
        if name in data:
            changes[field] = data[name] or 0
    if "price" in data:
        changes["price"] = data["price"]
    elif changes.get("kind") in {ListingKind.SWAP, ListingKind.GIVE}:
        changes["price"] = None
    for name in ("category", "currency"):
        if changes.get(name) == "":
            changes.pop(name)
    return replace(now, **changes)


def _check_filter(asked: Mapping[str, str]) -> None:
    """A page forgives an odd filter; a program should hear about it."""
    hops = asked.get("max_distance_hops")
    if hops is not None and hops not in {str(one) for one in range(1, _HOPS + 1)}:
        raise Invalid("max_distance_hops must be 1, 2 or 3", code="bad_distance")
    if asked.get("sort", Sort.NEWEST.value) not in list(Sort):
        raise Invalid("sort must be newest, price, trust or near", code="bad_sort")
    if asked.get("kind", ListingKind.SALE.value) not in list(ListingKind):
        raise Invalid("there is no such kind of listing", code="bad_kind")
    if asked.get("currency", DEFAULT_CURRENCY) not in CURRENCIES:
        raise Invalid("this currency is not used here", code="bad_currency")
