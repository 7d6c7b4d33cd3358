"""Two columns, minor units and their currency, as one amount."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Composite, composite

from app.kernel.money import Money


def money_composite(minor: str, currency: str) -> Composite[Any]:
    """Map the two columns of these names as one `Money`; None while there are no units.

        price: Mapped[Money | None] = money_composite("price_minor", "currency")

    It is read and written as an attribute, selected and compared (`==`) as a whole. What orders, adds or
    indexes amounts speaks of the columns, and of one currency.
    """
    return composite(Money, minor, currency, return_none_on=_has_no_units)


def _has_no_units(minor: int | None, _currency: str | None) -> bool:
    return minor is None
