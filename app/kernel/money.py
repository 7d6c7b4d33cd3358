"""Money in whole minor units, and the amounts that people type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Final

from babel.core import Locale, get_global

from app.kernel.errors import Invalid

_DIGITS: Final = {name: int(facts[0]) for name, facts in get_global("currency_fractions").items()}
_DEFAULT: Final = _DIGITS["DEFAULT"]
# Far above any price, far below any column's limit.
HIGHEST_MINOR: Final = 10**15
MAX_TYPED_LENGTH: Final = 40
_FINEST: Final = 30  # decimals: below, nobody means money

_MINUS = str.maketrans("\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{FULLWIDTH HYPHEN-MINUS}", "----")
# One spelling of each mark that somewhere stands between digits.
_MARKS = str.maketrans({
    "\N{ARABIC DECIMAL SEPARATOR}": ",",
    "\N{FULLWIDTH COMMA}": ",",
    "\N{IDEOGRAPHIC COMMA}": ",",
    "\N{FULLWIDTH FULL STOP}": ".",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'",
    "\N{PRIME}": "'",
    "\N{ARABIC THOUSANDS SEPARATOR}": "'",
})  # fmt: skip
# “5,-” and “5:-” say that there are no cents.
_NO_CENTS = re.compile(r"(?<=[0-9])[.,:]-{1,2}$")
_NUMBER = re.compile(r"(?P<whole>[0-9]*)(?:(?P<mark>[.,])(?P<rest>[0-9]*))?")
# Groups of three; Indian writing has groups of two before the last.
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<mark>[ ',.])[0-9]{3})(?:(?P=mark)[0-9]{3})*|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")


class Rounding(StrEnum):
    """Which whole minor unit stands for what lies between two; nobody rounds without saying how."""

    HALF_UP = ROUND_HALF_UP  # away from zero at the half: what shops do
    HALF_EVEN = ROUND_HALF_EVEN  # what banks do
    DOWN = ROUND_FLOOR
    UP = ROUND_CEILING


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`minor` units (cents) of `currency` (ISO 4217). Two currencies are never added or compared."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not (self.currency.isascii() and self.currency.isupper()):
            raise Invalid("“%(currency)s” is not a currency", code="bad_currency", currency=self.currency)
        if type(self.minor) is not int:
            raise Invalid("an amount is a whole number of minor units", code="bad_amount")

    @classmethod
    def parse(cls, amount: Decimal | int | str, currency: str) -> Money:
        """The amount in major units, as typed or as a number; more decimals than there are are refused."""
        zero = cls(0, currency)
        if isinstance(amount, str):
            amount = typed_amount(amount, currency)
        amount = Decimal(amount)
        if not amount.is_finite() or abs(amount) >= HIGHEST_MINOR:
            raise Invalid("This amount is out of range.", code="bad_amount")
        if int(amount.as_tuple().exponent) < -_FINEST:
            raise _too_many(_short(str(amount)), currency)
        scaled = Fraction(amount) * zero._scale
        if scaled.denominator != 1:
            raise _too_many(f"{amount:f}", currency)
        return cls(int(scaled), currency)

    @property
    def _scale(self) -> int:
        return int(10 ** digits(self.currency))

    @property
    def major(self) -> Decimal:
        """In major units, with all of the currency's decimals."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def __str__(self) -> str:
        return f"{self.major:f} {self.currency}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._like(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._like(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._like(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._like(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._like(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._like(other)

    def times(self, factor: int | Decimal | Fraction, rounding: Rounding) -> Money:
        """So many times as much, rounded to a whole minor unit in the way that is said."""
        if isinstance(factor, float) or not isinstance(factor, int | Decimal | Fraction):
            raise Invalid("money is multiplied by exact numbers", code="bad_amount")
        if isinstance(factor, Decimal) and not factor.is_finite():
            raise Invalid("money is multiplied by finite numbers", code="bad_amount")
        return Money(_rounded(self.minor * Fraction(factor), rounding), self.currency)

    def allocate(self, weights: Sequence[int | Decimal | Fraction]) -> list[Money]:
        """Parted by weights, to the last minor unit: the largest remainders get what is left over.

        Of equal remainders the first comes first. The parts always add up to the whole.
        """
        shares = [Fraction(one) for one in weights]
        total = sum(shares)
        if not shares or total <= 0 or min(shares) < 0:
            raise Invalid("parts need weights of which none is negative and one is positive", code="bad_weights")
        sign = -1 if self.minor < 0 else 1
        exact = [abs(self.minor) * one / total for one in shares]
        parts = [int(one) for one in exact]
        left = abs(self.minor) - sum(parts)
        by_remainder = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
        for at in by_remainder[:left]:
            parts[at] += 1
        return [Money(sign * one, self.currency) for one in parts]

    def _like(self, other: Money) -> int:
        if other.currency != self.currency:
            raise Invalid(
                "%(currency)s and %(other)s cannot be compared",
                code="bad_currency",
                currency=self.currency,
                other=other.currency,
            )
        return other.minor


def digits(currency: str) -> int:
    """How many digits the currency has after the point."""
    return _DIGITS.get(currency, _DEFAULT)


def typed_amount(typed: str, currency: str) -> Decimal:
    """What a person means by `12,50`, `1 000,00`, `1'000.5` or `١٢٫٥٠`; raises `Invalid` with a hint.

    What could be a thousand as well as one is not guessed at: `1.000` euros may be either.
    """
    places = digits(currency)
    text = _plain(typed, currency)
    sign = -1 if text.startswith("-") else 1
    text = _NO_CENTS.sub("", text.removeprefix("-").removeprefix("+").strip())
    whole, mark, rest = _parts(text, places)
    if whole is None:
        raise Invalid(
            "“%(typed)s” is not an amount: write it as %(example)s",
            code="bad_amount",
            typed=_short(typed),
            example=_example(places),
        )
    if len(rest) > places:
        if len(rest) == 3 and 0 < len(whole) <= 3 and not whole.startswith("0"):
            raise _not_clear(_short(typed), f"{whole}{rest}", f"{whole}.{rest[:places]}", currency)
        raise _too_many(_short(typed), currency)
    if mark == "," and len(rest) == 3 and 0 < len(whole) <= 3 and not whole.startswith("0"):
        raise _not_clear(_short(typed), f"{whole}{rest}", f"{whole}.{rest}", currency)
    amount = Decimal(f"{whole or '0'}.{rest or '0'}") * sign
    if abs(amount) * 10**places >= HIGHEST_MINOR:
        raise Invalid("This amount is out of range.", code="bad_amount")
    return amount


def _plain(typed: str, currency: str) -> str:
    """ASCII digits, one spelling of each mark, without the currency's own sign."""
    if len(typed) > MAX_TYPED_LENGTH:
        raise Invalid("This amount is too long.", code="bad_amount")
    text = unicodedata.normalize("NFC", typed).translate(_MARKS).translate(_MINUS)
    made = []
    for letter in text:
        number = unicodedata.decimal(letter, None)
        kind = unicodedata.category(letter)
        if number is not None:
            made.append(str(number))
        elif kind == "Zs" or letter == "\t":
            made.append(" ")
        elif kind == "Sc":
            _check_sign(letter, currency)
            made.append(" ")
        elif kind != "Cf":  # marks of direction
            made.append(letter)
    plain = re.sub(rf"^\s*{currency}\b|\b{currency}\s*$", "", "".join(made), flags=re.IGNORECASE)
    return plain.strip()


@cache
def _signs() -> dict[str, set[str]]:
    """Of each sign the currencies that it may stand for."""
    found: dict[str, set[str]] = {}
    for currency, symbol in Locale("en").currency_symbols.items():
        for letter in symbol:
            if unicodedata.category(letter) == "Sc":
                found.setdefault(letter, set()).add(currency)
    return found


def _check_sign(sign: str, currency: str) -> None:
    if currency not in _signs().get(sign, {currency}):
        raise Invalid(
            "“%(sign)s” is not the sign of %(currency)s: choose the currency beside it",
            code="bad_amount",
            sign=sign,
            currency=currency,
        )


def _parts(text: str, places: int) -> tuple[str | None, str, str]:
    """Digits before the decimal mark, the mark, digits behind it; None where it is no amount."""
    simple = _NUMBER.fullmatch(text)
    if simple and (simple["whole"] or simple["rest"]):
        whole, mark, rest = simple["whole"], simple["mark"] or "", simple["rest"] or ""
        if places == 0 and len(rest) == 3 and 0 < len(whole) <= 3 and not whole.startswith("0"):
            return whole + rest, "", ""  # without decimals it can only be thousands
        return whole, mark, rest
    last = max(text.rfind("."), text.rfind(","))
    for at in (len(text), last):
        head, tail = text[:at], text[at + 1 :]
        if at < 0 or not (tail == "" or (tail.isascii() and tail.isdigit())):
            continue
        if _GROUPED.fullmatch(head) and not (at < len(text) and text[at] in head):
            # Behind thousands the decimal mark is known: it is the other one.
            return re.sub(r"[^0-9]", "", head), ".", tail
    return None, "", ""


def _rounded(exact: Fraction, rounding: Rounding) -> int:
    below = exact.numerator // exact.denominator
    over = exact - below
    if not over or rounding is Rounding.DOWN:
        return below
    if rounding is Rounding.UP:
        return below + 1
    half = Fraction(1, 2)
    if over != half:
        return below + (over > half)
    if rounding is Rounding.HALF_EVEN:
        return below + below % 2
    return below + (exact > 0)


def _not_clear(typed: str, thousands: str, decimals: str, currency: str) -> Invalid:
    decimals = decimals.removesuffix(".")
    return Invalid(
        "“%(typed)s” is not clear: write %(thousands)s if you mean %(thousands)s %(currency)s, "
        "or %(decimals)s for %(decimals)s %(currency)s",
        code="ambiguous_amount",
        typed=typed,
        thousands=thousands,
        currency=currency,
        decimals=decimals,
    )


def _too_many(typed: str, currency: str) -> Invalid:
    places = digits(currency)
    if not places:
        return Invalid(
            "“%(typed)s” has decimals, and %(currency)s has none: write a whole number",
            code="bad_amount",
            typed=typed,
            currency=currency,
        )
    return Invalid(
        "“%(typed)s” has too many digits for %(currency)s: at most %(places)s after the decimal mark, "
        "such as %(example)s",
        code="bad_amount",
        typed=typed,
        currency=currency,
        places=places,
        example=_example(places),
    )


def _example(places: int) -> str:
    return f"12.{'50000'[:places]}" if places else "1200"


def _short(typed: str) -> str:
    return typed.strip()[:MAX_TYPED_LENGTH]
