"""Pins over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.ids import ListingId
from app.market.pins import queries, service
from app.market.pins.schemas import Pin
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_pins", __name__, url_prefix="/api/v1", tag="Listings")


@api.get("/me/pin")
@operation("The listing on top of your profile", answers=Pin)
def read_pin() -> ResponseReturnValue:
    return {"listing_id": queries.pinned_by(caller().id)}


@api.put("/listings/<listing_id>/pin")
@operation("Put a listing on top of your profile, in place of any other", answers=None, status=204, refuses=[403, 409])
def put_pin(listing_id: ListingId) -> ResponseReturnValue:
    service.pin_listing(caller().id, listing_id)
    return "", 204


@api.delete("/listings/<listing_id>/pin")
@operation("Put it back among the others", answers=None, status=204)
def delete_pin(listing_id: ListingId) -> ResponseReturnValue:
    service.unpin_listing(caller().id, listing_id)
    return "", 204
