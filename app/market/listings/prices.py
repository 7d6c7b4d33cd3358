"""Prices in the market: each in its own currency, never compared with another's as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Select, Table, and_, case, func, or_, select, union_all

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.kernel.money import Money
from app.kernel.pagination import decode_cursor
from app.market.listings.models import Listing
from app.market.listings.values import CURRENCIES, HIGHEST_MAJOR, ListingKind, Status
from app.platform.database import db

DEFAULT_CURRENCY: Final = "EUR"
_LATELY = 500  # listings that tell what people here pay with
_L = cast(Table, Listing.__table__).c
_ID_LENGTH = 26


def usual_currency(viewer_id: MemberId | None) -> str:
    """What the viewer last offered something for, else what most things here are offered for."""
    if viewer_id is not None:
        latest = select(_L.currency).where(_L.seller_id == viewer_id).order_by(_L.id.desc()).limit(1)
        if found := db.session.scalar(latest):
            return str(found)
    newest = (
        select(_L.currency)
        .where(_L.status == Status.ACTIVE, _L.price_minor.is_not(None))
        .order_by(_L.id.desc())
        .limit(_LATELY)
        .subquery()
    )
    most = select(newest.c.currency).group_by(newest.c.currency).order_by(func.count().desc(), newest.c.currency)
    return str(db.session.scalar(most.limit(1)) or DEFAULT_CURRENCY)


def read_limit(typed: str, currency: str, *, strict: bool) -> Money | None:
    """What something may cost, as somebody typed it."""
    if not typed:
        return None
    try:
        limit = Money.parse(typed, currency)
    except Invalid as problem:
        if strict:
            raise Invalid("max_price: %(problem)s", code="bad_price", problem=problem) from problem
        return None
    if 0 <= limit.major <= HIGHEST_MAJOR:
        return limit
    if strict:
        raise Invalid("max_price must be a valid price", code="bad_price")
    return None


def at_most(limit: Money) -> ColumnElement[bool]:
    """Priced in this currency and not above it. Gifts cost nothing; a swap has no price to compare."""
    return or_(
        _L.kind == ListingKind.GIVE.value,
        and_(_L.currency == limit.currency, _L.price_minor <= limit.minor),
    )


def cheapest_first(query: Select[Any], currency: str, after: tuple[str, int, str] | None) -> Select[Any]:
    """Without a price first, then this currency's, then each other currency by itself."""
    price = func.coalesce(_L.price_minor, 0)
    apart = case((or_(_L.price_minor.is_(None), _L.currency == currency), ""), else_=_L.currency)
    if after is not None:
        group, amount, ident = after
        query = query.where(
            or_(
                apart > group,
                and_(apart == group, price > amount),
                and_(apart == group, price == amount, _L.id < ident),
            )
        )
    return query.order_by(apart, price, _L.id.desc())


def cheapest_windows(
    query: Select[Any], currency: str, after: tuple[str, int, str] | None, size: int
) -> Iterator[Select[Any]]:
    """Give the cheapest rows part by part, `size` at most of each, so that an index can give them.

    One after the other: what costs nothing, this currency's, all others'.
    """
    group, amount, ident = after or ("", 0, None)
    own, priced = _L.currency == currency, _L.price_minor.is_not(None)
    if not group and not amount:
        earlier = [_L.id < ident] if ident else []
        free = (_L.price_minor.is_(None), and_(own, _L.price_minor == 0))
        yield _merged([query.where(one, *earlier) for one in free], size, "id")
    if not group:
        alike = [query.where(own, _L.price_minor == amount, _L.id < ident)] if amount else []
        yield _merged([*alike, query.where(own, _L.price_minor > amount)], size, "price_minor", "id")
    rest: list[Select[Any]] = []
    if group:
        theirs = _L.currency == group
        rest += [query.where(theirs, _L.price_minor == amount, _L.id < ident)]
        rest += [query.where(theirs, _L.price_minor > amount)]
    if group < currency:
        rest.append(query.where(priced, _L.currency > group, _L.currency < currency))
    rest.append(query.where(priced, _L.currency > max(group, currency)))
    yield _merged(rest, size, "currency", "price_minor", "id")


def _merged(parts: Sequence[Select[Any]], size: int, *order: str) -> Select[Any]:
    def ordered(query: Select[Any], columns: Any) -> Select[Any]:
        return query.order_by(*(columns[one].desc() if one == "id" else columns[one] for one in order)).limit(size)

    some = union_all(*(select(ordered(part, _L).subquery()) for part in parts)).subquery()
    return ordered(select(some), some.c)


def place_of(price: Money | None, currency: str) -> tuple[str, int]:
    """Where a listing stands among the cheapest, as `cheapest_first` sorts it."""
    if price is None:
        return "", 0
    return "" if price.currency == currency else price.currency, price.minor


def read_place(cursor: str | None) -> tuple[str, tuple[str, int, str]] | None:
    """The currency that the first page began with, and the last row's place."""
    key = decode_cursor(cursor, str, str, int, str)
    if key is None:
        return None
    currency, group, amount, ident = key
    if currency not in CURRENCIES or len(ident) != _ID_LENGTH:
        raise Invalid("the cursor belongs to another list", code="bad_cursor")
    return currency, (group, amount, ident)
