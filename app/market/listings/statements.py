"""The statements behind a page of the market, built once for each shape of a filter.

A window comes from an index, and what matches is counted in the same statement, up to a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)

from app.kernel.bounds import MAX_COUNTED
from app.kernel.ids import MemberId
from app.kernel.places import place_key
from app.market.audiences.queries import in_audience
from app.market.listings.models import Listing, SavedListing
from app.market.listings.values import MarketFilter, Status
from app.people.accounts.models import Member
from app.people.blocks.queries import visible_owner
from app.platform.database import db
from app.platform.prepared import Prepared
from app.platform.sql import among, listed
from app.platform.subjects import NOBODY, Condition, Looker
from app.platform.vocabulary.reading import vocabulary
from app.trust.circle.values import CircleView

# Plain tables and statements that are built once: half of a small query's time is making it.
_listings, _members = cast(Table, Listing.__table__), cast(Table, Member.__table__)
_L, _M = _listings.c, _members.c
_mine = cast(Table, SavedListing.__table__).alias()
Conditions = Sequence[ColumnElement[bool]] | None
VIEWER: Final[BindParameter[int]] = bindparam("viewer", type_=Integer())
_COLUMNS: Final[tuple[Any, ...]] = (
    _L.id,
    _L.kind,
    _L.title,
    _L.category,
    _L.condition,
    _L.price_minor,
    _L.currency,
    _L.place,
    _L.status,
    _L.cover_id,
    _L.created_at,
    _L.seller_id,
    _L.town_id,
    _M.handle,
    _M.name,
    _M.avatar_id,
    _M.discreet,
    _M.certified,
)
_me = _members.alias()
CARDS: Final[Select[Any]] = select(
    *_COLUMNS,
    select(_me.c.place).where(_me.c.id == VIEWER).scalar_subquery().label("viewer_place"),
    exists().where(_mine.c.member_id == VIEWER, _mine.c.listing_id == _L.id).label("saved"),
).select_from(_listings.join(_members))


def visible_to(viewer: Looker) -> Condition:
    """Who may see a listing: its seller is here, in touch and reaches the viewer; a removed one only its seller."""
    return and_(
        or_(_L.status != Status.REMOVED.value, _L.seller_id == (NOBODY if viewer is None else viewer)),
        visible_owner(_L.seller_id, viewer),
        in_audience(_L.id, viewer),
    )


OFFERED: Final = (
    _L.status == Status.ACTIVE.value,
    visible_owner(_L.seller_id, VIEWER),
    in_audience(_L.id, VIEWER),
)
SEEN: Final = visible_to(VIEWER)
NEWEST: Final = _L.id.desc()


@dataclass(frozen=True, slots=True)
class Shape:
    """Which parts of a filter are set: all that ask alike share their statements."""

    category: int  # in how many categories: 0 any, 1 one, 2 several
    kind: bool
    place: bool
    near: bool
    dialect: str
    few: bool = False  # found by their towns, and sorted then


def shape_of(wanted: MarketFilter, near: Sequence[MemberId] | None, *, few: bool = False) -> Shape:
    """`near` are the sellers within the trust distance, None for anybody."""
    dialect = db.engine.dialect.name
    categories = min(len(_categories(wanted)), 2)
    place = bool(place_key(wanted.near))
    return Shape(categories, bool(wanted.kind), place, near is not None, dialect, few)


def parameters(viewer_id: MemberId | None, wanted: MarketFilter, near: Sequence[MemberId] | None) -> dict[str, Any]:
    """What stands in the places of a statement of that shape."""
    given: dict[str, Any] = {"viewer": viewer_id or NOBODY}
    if categories := _categories(wanted):
        given["category"] = categories[0] if len(categories) == 1 else listed(categories)
    if wanted.kind:
        given["kind"] = wanted.kind
    if place := place_key(wanted.near):
        for sign in "/%_":
            place = place.replace(sign, f"/{sign}")
        given["place"] = f"%{place}%"
    if near is not None:
        given["near"] = listed(near)
    return given


def _categories(wanted: MarketFilter) -> tuple[str, ...]:
    """What is asked for, with all below it."""
    return vocabulary().narrower(wanted.category) if wanted.category else ()


def near_sellers(mine: CircleView | None, hops: int | None) -> list[MemberId] | None:
    """Who is near enough, the viewer among them; None when anybody is."""
    if mine is None or hops is None:
        return None
    return [mine.viewer_id, *mine.within(hops)]


@lru_cache(maxsize=256)
def newest(shape: Shape, *, behind: bool) -> Prepared:
    """`limit` cards, the newest first, each row with the counts; `behind`: those before the listing `last`."""
    return Prepared(newest_of(shape, (), behind=behind))


@lru_cache(maxsize=4)
def by_id(dialect: str, *, sold: bool) -> Prepared:
    """The cards of `ids` that are offered; `sold`: those too."""
    which = (_L.status != Status.REMOVED.value, SEEN) if sold else OFFERED
    return Prepared(CARDS.where(among(dialect, _L.id, "ids", String()), *which))


def newest_of(
    shape: Shape, also: Sequence[ColumnElement[bool]], *, behind: bool, counting: Conditions = None
) -> Select[Any]:
    """Take the newest cards of what is narrowed further."""
    query = cards(shape, also, counting)
    if behind:
        query = query.where(_L.id < bindparam("last", type_=String()))
    return query.order_by(_newest_first(shape)).limit(bindparam("limit", type_=Integer()))


def cards(shape: Shape, also: Sequence[ColumnElement[bool]] = (), counting: Conditions = None) -> Select[Any]:
    """All cards that match, each row with the counts; `counting` says the same as `also` where it is counted."""
    return uncounted(shape, also).add_columns(*_counted(shape, also if counting is None else counting))


def uncounted(shape: Shape, also: Sequence[ColumnElement[bool]] = ()) -> Select[Any]:
    """Take all cards that match, without the counts."""
    near = [_within(shape)] if shape.near else []
    return CARDS.where(*_matching(shape), *also, *near)


@lru_cache(maxsize=256)
def counts(shape: Shape) -> Select[Any]:
    """The counts alone, for a page without rows."""
    return select(*_counted(shape, ()))


def counts_of(shape: Shape, also: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Count what is narrowed further, alone."""
    return select(*_counted(shape, also)) if also else counts(shape)


def sellers(
    shape: Shape, also: Sequence[ColumnElement[bool]], most: int, counting: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    """The newest so many that match, only ids, sellers and towns."""
    near = [_within(shape)] if shape.near else []
    query = select(_L.id, _L.seller_id, _L.town_id, *_counted(shape, counting)).where(*_matching(shape), *also, *near)
    return query.order_by(_newest_first(shape)).limit(most)


def _newest_first(shape: Shape) -> ColumnElement[Any]:
    """Sorted where only the listings of some people or towns are read: SQLite would look for these among all."""
    some = (shape.near and shape.dialect == "sqlite") or shape.few
    return (_L.id.concat("") if some else _L.id).desc()


def everywhere(shape: Shape, also: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """How many match wherever they are; up to one more than is told."""
    near = [_within(shape)] if shape.near else []
    return select(_number([*_matching(shape), *also, *near]))


def _matching(shape: Shape) -> list[ColumnElement[bool]]:
    """What the filter asks for, but for the trust distance."""
    found = list(OFFERED)
    if shape.category == 1:
        found.append(_L.category == bindparam("category", type_=String()))
    elif shape.category:
        # As no index has it: several ranges of one would all be read and sorted for a window.
        found.append(among(shape.dialect, _L.category.concat(""), "category", String()))
    if shape.kind:
        found.append(_L.kind == bindparam("kind", type_=String()))
    if shape.place:
        found.append(_L.place_key.like(bindparam("place", type_=String()), escape="/"))
    return found


def _within(shape: Shape) -> ColumnElement[bool]:
    """One of the near sellers: the whole list is one value."""
    return among(shape.dialect, _L.seller_id, "near", Integer())


def _counted(shape: Shape, also: Sequence[ColumnElement[bool]]) -> tuple[Any, Any]:
    """How many match, and how many of them lie beyond the trust distance; up to one more than is told."""
    matching = [*_matching(shape), *also]
    if not shape.near:
        return _number(matching).label("shown"), literal(0).label("hidden")
    near = _within(shape)
    return _number([*matching, near]).label("shown"), _number([*matching, ~near]).label("hidden")


def _number(conditions: Sequence[ColumnElement[bool]]) -> Any:
    some = select(literal(1)).select_from(_listings).where(*conditions).limit(MAX_COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
