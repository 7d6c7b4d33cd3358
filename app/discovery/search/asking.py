"""What an address asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.discovery.search.values import CIRCLE, KINDS, MAX_QUESTION_LENGTH, Order, Wanted
from app.kernel.errors import Invalid
from app.market.listings.prices import read_limit
from app.market.listings.values import CURRENCIES, PLACE_LENGTH, ListingKind
from app.platform.markup import strip_invisible
from app.platform.vocabulary.reading import vocabulary

DISTANCES = {"1": 1, "2": 2, "3": 3, "circle": CIRCLE}


def read_wanted(args: Mapping[str, str], usual: Callable[[], str], *, strict: bool = False) -> Wanted:
    """Words and filters; what makes no sense is left out, or (`strict`) raises `Invalid`.

    A price without a currency is in the `usual` one.
    """

    def one_of(name: str, allowed: Any, read: Callable[[str], str] = str) -> str | None:
        value = read(args.get(name) or "") or None
        if value is not None and value not in allowed:
            if strict:
                raise Invalid(
                    "“%(name)s” must be one of: %(allowed)s", code=f"bad_{name}", name=name, allowed=", ".join(allowed)
                )
            return None
        return value

    known = vocabulary()
    distance = one_of("distance", DISTANCES)
    order = one_of("sort", [one.value for one in Order])
    typed = (args.get("max_price") or "").strip()
    currency = one_of("currency", CURRENCIES)
    if currency is None and (typed or order == Order.PRICE):
        currency = usual()
    return Wanted(
        q=strip_invisible(args.get("q", "")).strip()[:MAX_QUESTION_LENGTH],
        kind=one_of("kind", KINDS),
        category=one_of("category", known.entries, known.canonical),
        offer=one_of("offer", [kind.value for kind in ListingKind]),
        max_price=read_limit(typed, currency, strict=strict) if currency else None,
        currency=currency,
        near=strip_invisible(args.get("near", "")).strip()[:PLACE_LENGTH],
        hops=DISTANCES[distance] if distance else None,
        order=Order(order) if order else Order.BEST,
        exact=args.get("exact") == "1",
    )
