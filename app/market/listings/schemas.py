"""Listings, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from app.market.listings.forms import price_field
from app.market.listings.values import CURRENCIES, MOST_KM, Condition, ListingKind, Sort, Status
from app.web.categories import CATEGORY
from app.web.schemas import (
    Amount,
    Answer,
    Body,
    Currency,
    Files,
    Filter,
    Handle,
    Id,
    MaybeText,
    Moment,
    Page,
    Paging,
    Path,
    Upload,
    documented,
    one_of,
)

PRICE = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}, {"type": "null"}]}


class MarketQuery(Paging):
    """Words and filters of the market."""

    q: Filter = None
    category: Annotated[Filter, CATEGORY] = None
    kind: Annotated[Filter, one_of(ListingKind)] = None
    max_price: Filter = None
    currency: Annotated[Filter, one_of(CURRENCIES)] = None
    near: Filter = None
    max_km: Annotated[Filter, documented("integer", minimum=1, maximum=MOST_KM)] = None
    max_distance_hops: Annotated[Filter, documented("integer", minimum=1, maximum=3)] = None
    distance: Annotated[Filter, documented("integer", minimum=1, maximum=3)] = None
    sort: Annotated[Filter, one_of(Sort)] = None


class ListingBody(Body):
    """What is offered or wanted; null empties a field."""

    kind: Annotated[MaybeText, one_of(ListingKind)] = None
    title: MaybeText = None
    description: MaybeText = None
    category: Annotated[MaybeText, CATEGORY] = None
    condition: MaybeText = None
    price: Annotated[Any, BeforeValidator(price_field), WithJsonSchema(PRICE)] = None
    currency: Annotated[MaybeText, one_of(CURRENCIES)] = None
    place: MaybeText = None
    audience_steps: Annotated[
        int | None, Field(description="Shown to people at most so many steps from you; 0 is everyone.")
    ] = None
    widen_days: Annotated[int | None, Field(description="One step farther every 1, 3 or 7 days; 0 is never.")] = None
    widen_to: Annotated[int | None, Field(description="The widest audience, in steps; 0 is everyone.")] = None


class ListingChange(ListingBody):
    """What is to be another; what is left out stays. The status “sold” closes the listing."""

    status: MaybeText = None


class ListingPhotos(Upload):
    """One or more pictures."""

    files: Files = Field(default_factory=list)


class ListingPhoto(Answer):
    """A picture in two sizes."""

    id: Id
    card: str
    full: str


class ListingEntry(Answer):
    """A listing as lists show it."""

    id: Id
    kind: ListingKind
    title: str
    category: str
    condition: Condition | None
    price: Amount | None
    price_minor: int | None
    currency: Currency | None
    place: str
    distance_km: Annotated[int | None, Field(description="From the caller’s own town.")]
    status: Status
    seller: Handle
    distance: int | None
    path: Path | None
    saved: bool
    photos: list[ListingPhoto]
    url: str
    at: Moment


class Listing(ListingEntry):
    """A listing, whole."""

    description: str
    updated_at: Moment
    audience_steps: Annotated[int | None, Field(description="Of your own listing that not everyone sees.")]
    widens_at: Moment | None
    seen_by: Annotated[int | None, Field(description="About how many people your audience is.")]


class Market(Page[ListingEntry]):
    """A part of the market; how much lies beyond the trust distance, and what was searched instead."""

    filtered_out: int
    farther: int
    centre: str | None
    corrected: str | None
