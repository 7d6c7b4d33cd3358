"""Offers, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from app.market.offers.values import Side, State, Verb
from app.market.orders.values import Delivery, Payment
from app.web.schemas import (
    Amount,
    Answer,
    Body,
    Currency,
    Filter,
    Handle,
    Id,
    MaybeText,
    Moment,
    Page,
    Paging,
    one_of,
)

AMOUNT = {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]}


def _typed(value: Any) -> str:
    """A number as its digits, a text as it is; anything else is no amount."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    return str(value)[:100]


Typed = Annotated[str, BeforeValidator(_typed), WithJsonSchema(AMOUNT)]


class OfferQuery(Paging):
    """Which side the caller is on."""

    role: Annotated[Filter, one_of("buyer", "seller")] = None


class OfferBody(Body):
    """How much, for how many, and how it should come; `listings` are further ones of the same seller."""

    amount: Typed = ""
    currency: MaybeText = None
    message: MaybeText = None
    quantity: Annotated[Any, WithJsonSchema({"type": "integer", "minimum": 1})] = 1
    listings: Annotated[Any, WithJsonSchema({"type": "array", "items": {"type": "string"}})] = ()
    delivery: Annotated[MaybeText, one_of(Delivery)] = None
    payment: Annotated[MaybeText, one_of(Payment)] = None
    address: MaybeText = None


class CounterBody(Body):
    """Another amount; `bid` is the one that is answered, so that nobody answers one they haven't read."""

    amount: Typed = ""
    currency: MaybeText = None
    message: MaybeText = None
    bid: int | None = None


class BidAnswerBody(Body):
    """Which bid is answered; left out, whatever is on the table."""

    MAY_BE_MISSING = True

    bid: int | None = None
    message: MaybeText = None


class OfferThing(Answer):
    """One of the things an offer is about."""

    listing: Id
    title: str
    quantity: int
    asked: Amount


class OfferSaid(Answer):
    """One line of the history; with an amount it is a bid."""

    seq: int
    action: Verb
    by: Side
    amount: Amount | None
    message: str
    at: Moment


class OfferEntry(Answer):
    """An offer as lists show it; `by` is whose amount is on the table."""

    id: Id
    state: State
    why: str
    role: Side
    buyer: Handle
    seller: Handle
    amount: Amount
    asked: Amount
    currency: Currency
    by: Side
    bid: int
    until: Moment
    items: list[OfferThing]
    conversation: Id | None
    actions: list[Verb]
    url: str
    at: Moment


class MarketOffer(OfferEntry):
    """An offer, whole; `order` is there when it was accepted, `orders` are those of a bundle."""

    order: Id | None
    orders: list[Id]
    history: list[OfferSaid]


class OfferPage(Page[OfferEntry]):
    """A part of the caller's offers."""
