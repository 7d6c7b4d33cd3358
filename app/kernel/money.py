"""Money in whole minor units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.kernel.errors import Invalid

# ISO 4217 digits after the point, where they are not two.
_DIGITS = {"JPY": 0, "KRW": 0, "ISK": 0, "CLP": 0, "HUF": 2, "KWD": 3, "TND": 3, "BHD": 3}


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`minor` units (cents) of `currency` (ISO 4217)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isupper():
            raise Invalid(f"“{self.currency}” is not a currency", code="bad_currency")

    @classmethod
    def parse(cls, amount: Decimal, currency: str) -> Money:
        """The amount in major units; more digits than the currency has are refused."""
        scaled = amount.scaleb(digits(currency))
        if scaled != scaled.to_integral_value():
            raise Invalid(f"{amount} has too many digits for {currency}", code="bad_amount")
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise Invalid("cannot add two currencies", code="bad_currency")
        return Money(self.minor + other.minor, self.currency)


def digits(currency: str) -> int:
    """How many digits the currency has after the point."""
    return _DIGITS.get(currency, 2)
