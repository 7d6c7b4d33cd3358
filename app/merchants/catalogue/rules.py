"""Which tax holds, and what of a price it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.kernel.money import Money, Rounding
from app.merchants.catalogue.values import TaxRate

WHOLE = 10_000  # a rate is in hundredths of a percent


def rate_for(rates: Iterable[TaxRate], category: str, on: date) -> int | None:
    """The newest rate of the category that is valid on this day, else of all others; None where there is none."""
    valid = [one for one in rates if one.valid_from <= on]
    for wanted in (category, ""):
        of_it = [one for one in valid if one.category == wanted]
        if of_it:
            return max(of_it, key=lambda one: one.valid_from).rate
    return None


def tax_in(gross: Money, rate: int) -> Money:
    """What of a price with tax is the tax."""
    return gross.times(Fraction(rate, WHOLE + rate), Rounding.HALF_UP)


def as_fraction(rate: int | None) -> str | None:
    """The rate as snapshots of orders keep it: a decimal fraction."""
    return None if rate is None else f"{(Decimal(rate) / WHOLE).normalize():f}"
