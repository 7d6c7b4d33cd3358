"""What makes a listing a good one: pure decisions."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import PhotoId
from app.kernel.money import Money
from app.kernel.titles import is_title
from app.market.audiences.values import EVERYONE, MAX_STEPS, TO_EVERYONE, WIDEN_DAYS, Audience
from app.market.listings.values import (
    CURRENCIES,
    HIGHEST_MAJOR,
    MAX_PHOTOS,
    Condition,
    ListingDraft,
    ListingKind,
    Status,
)

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
    audience: Audience = TO_EVERYONE


def check_draft(draft: ListingDraft, categories: Container[str]) -> Terms:
    """The draft's terms; raises `Invalid` with the first thing that does not fit. `categories` are those to choose."""
    kind = _kind(draft.kind)
    if not is_title(draft.title):
        raise Invalid("Enter a title of at least 2 letters.", code="title_too_short")
    if draft.category not in categories:
        raise Invalid("“%(category)s” is not a category.", code="bad_category", category=draft.category)
    if draft.currency not in CURRENCIES:
        raise Invalid("“%(currency)s” is not a currency used here.", code="bad_currency", currency=draft.currency)
    condition, price = _condition(kind, draft.condition), _price(kind, draft)
    audience = check_audience(draft.audience, draft.widen_days, draft.widen_to)
    return Terms(kind, draft.category, condition, price, draft.currency, audience)


def _kind(name: str) -> ListingKind:
    try:
        kind = ListingKind(name)
    except ValueError as problem:
        raise Invalid("“%(name)s” is not a kind of listing.", code="bad_kind", name=name) from problem
    if kind is ListingKind.AUCTION:
        raise Invalid("Auctions aren’t available yet.", code="kind_not_open")
    return kind


def _condition(kind: ListingKind, name: str | None) -> str | None:
    if kind in _WITHOUT_CONDITION:
        return None
    if not name:
        raise Invalid("Choose the condition.", code="condition_missing")
    try:
        return Condition(name).value
    except ValueError as problem:
        raise Invalid("“%(name)s” is not a condition.", code="bad_condition", name=name) from problem


def _price(kind: ListingKind, draft: ListingDraft) -> Money | None:
    amount = draft.price
    if isinstance(amount, str) and not amount.strip():
        amount = None
    if isinstance(amount, Decimal) and not amount.is_finite():
        raise Invalid("This price is too high.", code="bad_price")
    price = None if amount is None else Money.parse(amount, draft.currency)
    if kind in _WITHOUT_PRICE:
        if price:
            raise Invalid("Swaps and giveaways have no price.", code="price_not_allowed")
        return None
    if price is None:
        if kind is ListingKind.SALE:
            raise Invalid("Enter a price.", code="price_missing")
        return None
    if price.minor < 0 or price.major > HIGHEST_MAJOR:
        raise Invalid("This price is too high.", code="bad_price")
    if not price and kind is ListingKind.SALE:
        raise Invalid("For a price of 0, choose “Give away”.", code="price_missing")
    return price


def check_audience(steps: int, days: int | None, most: int) -> Audience:
    """Raises `Invalid` for what is no audience; one that stays as it is has no other end."""
    if steps not in range(MAX_STEPS + 1):
        raise Invalid("Choose who can see it.", code="bad_audience")
    if steps == EVERYONE or not days:
        return Audience(steps=steps)
    if days not in WIDEN_DAYS:
        raise Invalid("Choose how often more people can see it.", code="bad_audience")
    if most != EVERYONE and not steps < most <= MAX_STEPS:
        raise Invalid("The widest audience must be wider than the first one.", code="bad_audience")
    return Audience(steps=steps, days=days, most=most)


def check_photo_count(count: int) -> None:
    """At most ten."""
    if count > MAX_PHOTOS:
        raise Invalid("A listing can have up to %(most)s photos.", code="too_many_photos", most=MAX_PHOTOS)


def check_still_open(status: str) -> None:
    """What is sold or gone stays as it was."""
    if status == Status.SOLD:
        raise Conflict("This listing is already sold.", code="listing_sold")
    if status == Status.REMOVED:
        raise Conflict("This listing was removed.", code="listing_removed")


def asking_price(kind: str, price: Money | None) -> tuple[int | None, str | None]:
    """What a search compares: minor units and their currency; a gift costs nothing in any."""
    if kind == ListingKind.GIVE:
        return 0, None
    return (price.minor, price.currency) if price is not None else (None, None)


def in_order(order: str, kept: Mapping[PhotoId, str], new: Mapping[PhotoId, str]) -> dict[PhotoId, str]:
    """Photos as they were arranged: ids of those from before and a `new` for each that was sent; others come last."""
    sent = iter(new)
    places = [next(sent, None) if one == "new" else one for one in order.split()[: 2 * MAX_PHOTOS]]
    both = {**kept, **new}
    arranged = [PhotoId(one) for one in places if one is not None and one in both]
    return {one: both[one] for one in dict.fromkeys([*arranged, *both])}
