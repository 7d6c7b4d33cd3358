"""Search, as the API asks and answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.discovery.search.asking import DISTANCES
from app.discovery.search.values import KINDS, Order
from app.market.listings.values import CURRENCIES, ListingKind
from app.web.categories import CATEGORY
from app.web.schemas import Amount, Answer, Currency, Filter, Handle, Id, Page, Paging, Path, documented, one_of


class SearchQuery(Paging):
    """Words and filters. A price without a currency is in the caller's usual one."""

    q: Filter = None
    kind: Annotated[Filter, one_of(KINDS)] = None
    category: Annotated[Filter, CATEGORY] = None
    offer: Annotated[Filter, one_of(ListingKind)] = None
    max_price: Filter = None
    currency: Annotated[Filter, one_of(CURRENCIES)] = None
    near: Filter = None
    distance: Annotated[Filter, one_of(DISTANCES)] = None
    sort: Annotated[Filter, one_of(Order)] = None
    exact: Annotated[Filter, documented(enum=["0", "1"], description="1 takes the words as they are typed.")] = None


class Found(Answer):
    """One thing that was found. What it has besides goes by its `kind`."""

    kind: Annotated[str, one_of(KINDS)]
    id: Id
    title: str
    url: str
    distance: int | None
    path: Path | None
    price: Annotated[Amount | None, Field(description="Of a listing.")] = None
    currency: Annotated[Currency | None, Field(description="Of a listing.")] = None
    place: Annotated[str | None, Field(description="Of a listing.")] = None
    seller: Annotated[Handle | None, Field(description="Of a listing.")] = None
    recommending: Annotated[int | None, Field(description="Of an item: how many of the circle recommend it.")] = None
    trusted: Annotated[int | None, Field(description="Of a room: how many in it the caller trusts.")] = None


class FoundPage(Page[Found]):
    """A part of what was found of one kind; counts end at 1000."""

    kind: Annotated[str, one_of(KINDS)]
    counts: dict[str, int]
    filtered_out: Annotated[int, Field(description="How many lie beyond the trust distance.")]
    corrected: Annotated[str | None, Field(description="What was searched instead of the words as typed.")]
    instead: Annotated[str | None, Field(description="Words that would find more.")]
