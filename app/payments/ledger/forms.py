"""A period and a currency, as an address says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.payments.ledger.queries import currencies_of
from app.platform.formats import reader_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of the reader, the first and the last of them; open where nothing is said."""

    currency: str | None
    first: date | None
    last: date | None

    @property
    def since(self) -> datetime | None:
        return _midnight(self.first) if self.first else None

    @property
    def before(self) -> datetime | None:
        return _midnight(self.last + timedelta(days=1)) if self.last and self.last < date.max else None


def read_period(asked: Mapping[str, str], owner_id: MemberId | None) -> Period:
    """`currency`, `from` and `to`; without a currency the first that the owner has."""
    currency = (asked.get("currency") or "").strip().upper() or next(iter(currencies_of(owner_id)), None)
    if currency is not None and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise Invalid("Choose a currency from the list.", code="bad_currency")
    period = Period(currency=currency, first=_day(asked.get("from")), last=_day(asked.get("to")))
    if period.first and period.last and period.first > period.last:
        raise Invalid("The first day must be before the last.", code="bad_period")
    return period


def _day(typed: str | None) -> date | None:
    if not typed or not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as problem:
        raise Invalid("Write days as 2026-12-31.", code="bad_day") from problem


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=reader_zone())
