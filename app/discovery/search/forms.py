"""How the codes of a search are called in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from app.discovery.search.values import Order


def kind_labels() -> dict[str, str]:
    return {
        "listing": _("Listings"),
        "item": _("Items and places"),
        "member": _("People"),
        "room": _("Rooms"),
    }


def distance_labels() -> dict[str, str]:
    return {
        "": _("Anyone"),
        "1": _("People I trust"),
        "2": _("Up to 2 steps"),
        "3": _("Up to 3 steps"),
        "circle": _("My whole circle"),
    }


def order_labels(kind: str) -> dict[str, str]:
    """Orders that say something for this kind."""
    found = {"": _("Best match"), Order.NEWEST.value: _("Newest")}
    if kind in {"listing", "member"}:
        found[Order.TRUST.value] = _("Most trusted")
    if kind == "listing":
        found[Order.PRICE.value] = _("Lowest price")
    return found
