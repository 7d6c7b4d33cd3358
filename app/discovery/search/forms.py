"""What an address asks for, and how its codes are called in the reader's language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.discovery.search.values import CIRCLE, KINDS, LONGEST_QUESTION, Order, Wanted
from app.kernel.errors import Invalid
from app.market.listings.forms import parse_amount
from app.market.listings.values import CATEGORIES, PLACE_LENGTH, ListingKind
from app.platform.markup import strip_invisible

_HIGHEST = 10_000_000
DISTANCES = {"1": 1, "2": 2, "3": 3, "circle": CIRCLE}


def read_wanted(args: MultiDict[str, str], *, strict: bool = False) -> Wanted:
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
    try:
        amount = parse_amount(value)
        if amount is not None and not Decimal(0) <= amount <= _HIGHEST:
            raise Invalid("the price is out of range", code="bad_price")
    except Invalid:
        if strict:
            raise
        return None
    return None if amount is None else int(amount)


def kind_labels() -> dict[str, str]:
    return {"listing": _("Listings"), "item": _("Things and places"), "member": _("People")}


def distance_labels() -> dict[str, str]:
    return {
        "": _("Anybody"),
        "1": _("People I trust"),
        "2": _("Up to 2 steps"),
        "3": _("Up to 3 steps"),
        "circle": _("My whole circle"),
    }


def order_labels(kind: str) -> dict[str, str]:
    """Orders that say something for this kind."""
    found = {"": _("Best first"), Order.NEWEST.value: _("Newest first")}
    if kind != "item":
        found[Order.TRUST.value] = _("Most trusted first")
    if kind == "listing":
        found[Order.PRICE.value] = _("Lowest price first")
    return found
