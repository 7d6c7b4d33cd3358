"""What an address asks for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.discovery.search.values import CIRCLE, KINDS, LONGEST_QUESTION, Order, Wanted
from app.kernel.errors import Invalid
from app.market.listings.values import CATEGORIES, PLACE_LENGTH, ListingKind
from app.platform.markup import strip_invisible

_HIGHEST = 10_000_000
DISTANCES = {"1": 1, "2": 2, "3": 3, "circle": CIRCLE}


def read_wanted(args: Mapping[str, str], *, strict: bool = False) -> Wanted:
    """Words and filters; what makes no sense is left out, or (`strict`) raises `Invalid`."""

    def one_of(name: str, allowed: Any) -> str | None:
        value = args.get(name) or None
        if value is not None and value not in allowed:
            if strict:
                raise Invalid(f"“{name}” must be one of: {', '.join(allowed)}", code=f"bad_{name}")
            return None
        return value

    distance = one_of("distance", DISTANCES)
    order = one_of("sort", [one.value for one in Order])
    return Wanted(
        q=strip_invisible(args.get("q", "")).strip()[:LONGEST_QUESTION],
        kind=one_of("kind", KINDS),
        category=one_of("category", CATEGORIES),
        offer=one_of("offer", [kind.value for kind in ListingKind]),
        max_price=_price(args.get("max_price"), strict=strict),
        near=strip_invisible(args.get("near", "")).strip()[:PLACE_LENGTH],
        hops=DISTANCES[distance] if distance else None,
        order=Order(order) if order else Order.BEST,
        exact=args.get("exact") == "1",
    )


def _price(value: str | None, *, strict: bool) -> int | None:
    if not value:
        return None
    try:
        amount = Decimal(value.strip().replace(",", "."))
    except InvalidOperation:
        amount = Decimal(-1)
    if amount.is_finite() and 0 <= amount <= _HIGHEST:
        return int(amount)
    if strict:
        raise Invalid("“max_price” must be a number that something may cost", code="bad_price")
    return None
