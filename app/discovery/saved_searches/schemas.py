"""Saved searches, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.discovery.saved_searches.values import Cadence
from app.discovery.search.asking import DISTANCES
from app.discovery.search.values import KINDS
from app.market.listings.values import CURRENCIES, ListingKind
from app.web.categories import CATEGORY
from app.web.schemas import Answer, Body, Id, MaybeText, Moment, Text, one_of

Alerts = one_of(Cadence)
Word = str | int | float | None


class SearchBody(Body):
    """The fields of `GET /search`, and how often to hear of new finds."""

    q: Word = None
    kind: Annotated[Word, one_of(KINDS)] = None
    category: Annotated[Word, CATEGORY] = None
    offer: Annotated[Word, one_of(ListingKind)] = None
    max_price: Word = None
    currency: Annotated[Word, one_of(CURRENCIES)] = None
    near: Word = None
    distance: Annotated[Word, one_of(DISTANCES)] = None
    alerts: Annotated[MaybeText, Alerts] = None


class AlertsBody(Body):
    """How often to hear of new finds."""

    alerts: Annotated[Text, Alerts]


class SavedSearch(Answer):
    """A search that is kept."""

    id: Id
    kind: Annotated[str, one_of(KINDS)]
    q: str
    filters: dict[str, str]
    alerts: Cadence
    found: int
    waiting: Annotated[int, Field(description="Finds that will come with the next summary.")]
    url: str
    at: Moment
