"""What makes a listing a good one: pure decisions."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from app.kernel.errors import Conflict, Invalid
from app.kernel.money import Money, digits
from app.market.listings.values import (
    CATEGORIES,
    CURRENCIES,
    MOST_PHOTOS,
    Condition,
    ListingDraft,
    ListingKind,
    Status,
)

# Nobody lists a thing for more; it also keeps the minor units far from any column's limit.
_HIGHEST_MAJOR = 10_000_000
_WITHOUT_PRICE = (ListingKind.SWAP, ListingKind.GIVE)
_WITHOUT_CONDITION = (ListingKind.WANTED, ListingKind.SERVICE)


@dataclass(frozen=True, slots=True)
class Terms:
    """Kind, condition and price that fit together."""

    kind: ListingKind
    category: str
    condition: str | None
    price: Money | None
    currency: str


def check_draft(draft: ListingDraft) -> Terms:
    """The draft's terms; raises `Invalid` with the first thing that does not fit."""
    kind = _kind(draft.kind)
    if len(draft.title) < 3:
        raise Invalid("Give it a title of at least 3 letters.", code="title_too_short")
    if draft.category not in CATEGORIES:
        raise Invalid(f"“{draft.category}” is not a category.", code="bad_category")
    if draft.currency not in CURRENCIES:
        raise Invalid(f"“{draft.currency}” is not a currency used here.", code="bad_currency")
    return Terms(kind, draft.category, _condition(kind, draft.condition), _price(kind, draft), draft.currency)


def _kind(name: str) -> ListingKind:
    try:
        kind = ListingKind(name)
    except ValueError as problem:
        raise Invalid(f"“{name}” is not a kind of listing.", code="bad_kind") from problem
    if kind is ListingKind.AUCTION:
        raise Invalid("Auctions cannot be posted yet.", code="kind_not_open")
    return kind


def _condition(kind: ListingKind, name: str | None) -> str | None:
    if kind in _WITHOUT_CONDITION:
        return None
    if not name:
        raise Invalid("Say in which condition it is.", code="condition_missing")
    try:
        return Condition(name).value
    except ValueError as problem:
        raise Invalid(f"“{name}” is not a condition.", code="bad_condition") from problem


def _price(kind: ListingKind, draft: ListingDraft) -> Money | None:
    amount = draft.price
    if kind in _WITHOUT_PRICE:
        if amount:
            raise Invalid("Swaps and gifts have no price.", code="price_not_allowed")
        return None
    if amount is None:
        if kind is ListingKind.SALE:
            raise Invalid("Say what it costs.", code="price_missing")
        return None
    if not amount.is_finite() or amount < 0 or amount > _HIGHEST_MAJOR:
        raise Invalid("This price is out of range.", code="bad_price")
    if not amount and kind is ListingKind.SALE:
        raise Invalid("Something for nothing is a gift: choose “give away”.", code="price_missing")
    return Money.parse(amount, draft.currency)


def check_photo_count(count: int) -> None:
    """At most ten."""
    if count > MOST_PHOTOS:
        raise Invalid(f"A listing can have up to {MOST_PHOTOS} photos.", code="too_many_photos")


def check_still_open(status: str) -> None:
    """What is sold or gone stays as it was."""
    if status == Status.SOLD:
        raise Conflict("It is sold already.", code="listing_sold")
    if status == Status.REMOVED:
        raise Conflict("The listing was removed.", code="listing_removed")


def place_key(place: str) -> str:
    """How places are compared: without case and accents."""
    decomposed = unicodedata.normalize("NFKD", place.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.split())


def minor_limits(max_price: int) -> dict[int, int]:
    """Digits after the point -> the limit in minor units of such currencies."""
    return {places: max_price * 10**places for places in {digits(one) for one in CURRENCIES}}


def hundredths(kind: str, price_minor: int | None, currency: str) -> int | None:
    """A price that can be compared whatever digits its currency has; a gift costs nothing."""
    if kind == ListingKind.GIVE:
        return 0
    return price_minor if price_minor is None else price_minor * 100 // 10 ** digits(currency)
