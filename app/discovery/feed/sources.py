"""Where the feed's entries come from: one statement, built once for each shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import (
    CTE,
    Boolean,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation, RecommendationRevision
from app.community.subject_items.queries import visible_items
from app.discovery.feed.values import (
    LISTING,
    MAX_HIDDEN,
    RECOMMENDATION,
    Candidate,
)
from app.kernel.ids import ItemId, MemberId
from app.market.audiences.queries import in_audience
from app.market.listings.models import Listing
from app.market.listings.values import Status
from app.people.blocks.queries import visible_owner
from app.platform.database import UtcDateTime, db
from app.platform.prepared import Prepared
from app.platform.sql import among, each, listed
from app.platform.subjects import NOBODY
from app.trust.circle import queries as circles

FEW_PEOPLE = 100  # of so many all that they said is read
# Of more: the newest of everybody is gone through where at least one in so many members is among them,
# else what is newest of these is looked up by who they are.
_ONE_IN = 10
_SPARE = 40  # looked up beyond a window, for some of it may not be shown
_NEAR, _HIDDEN, _LOOKED_UP = "near", "hidden", "looked up"
_R, _L, _I = Recommendation, Listing, Item
_WORDS: Any = Recommendation.__table__
_OFFERS: Any = Listing.__table__
_KINDS: Final = (RECOMMENDATION, LISTING)
_UPTO = bindparam("upto", type_=Integer())
_LOOKED_UP_TO = bindparam("looked_up", type_=Integer())
_AT_AND_ID: Final = itemgetter(3, 1)  # of a candidate's row


@dataclass(frozen=True, slots=True)
class Newest:
    """What was read: the newest first, near to the viewer's taste, and what was left out."""

    found: list[Candidate]
    near: list[Candidate]
    hidden: int


def newest(
    people: Sequence[MemberId] | None,
    *,
    size: int,
    as_of: datetime,
    before: tuple[datetime, str] | None,
    item_ids: Sequence[ItemId] = (),
    viewer_id: MemberId | None = None,
    count_hidden: bool = False,
    spare: int = 0,
) -> Newest:
    """The newest recommendations and listings of these people (None: of everybody), together.

    Beside them recommendations of `item_ids`, whoever gave them. When one of each of these and `spare`
    others are left out there are still more than `size`, or nothing older is there.
    """
    upto = size + len(item_ids) + spare + 1
    given = {
        "upto": upto,
        "looked_up": upto + _SPARE,
        "people": listed(people or ()),
        "shown": listed([*(people or ()), viewer_id or 0]),
        "items": listed(list(item_ids)),
        "as_of": as_of,
        "when": before[0] if before else as_of,
        "last": before[1] if before else "",
        "viewer": viewer_id or NOBODY,
    }
    shape = _Shape(
        db.engine.dialect.name,
        _way(people),
        people is not None,
        before is not None,
        size,
        # So that all together are about as many as a window.
        max(2, size // len(item_ids)) if item_ids else 0,
        count_hidden,
    )
    read = _read(shape, given)
    if len(read.found) < upto and read.numbers.get(_LOOKED_UP, 0) >= upto + _SPARE:
        # So much of what was looked up may not be shown that something else is missing.
        read = _read(replace(shape, way=Way.EVERYTHING if people is None else Way.ALL_OF_THEM), given)
    # As the driver gave them: what is read of both is more than is asked for.
    found = sorted(read.found, key=_AT_AND_ID, reverse=True)[:upto]
    hidden = min(MAX_HIDDEN, read.numbers.get(_HIDDEN, 0))
    return Newest([read.candidate(one) for one in found], [_said(read, one) for one in read.near], hidden)


def _said(read: _Read, row: Any) -> Candidate:
    found: Candidate = read.candidate((RECOMMENDATION, *row[1:]))
    return found


class Way(StrEnum):
    """How the newest are found. The first three look them up first, and then what of these may be shown."""

    EVERYBODY = "everybody"  # of all people, by the time
    BY_TIME = "time"  # the newest of everybody, until there are enough of some people
    NEWEST_OF_EACH = "each"  # in an index on people and time
    ALL_OF_THEM = "all"  # everything that these people have said, sorted
    EVERYTHING = "everything"  # that anybody has said


def _way(people: Sequence[MemberId] | None) -> Way:
    if people is None:
        return Way.EVERYBODY
    if len(people) <= FEW_PEOPLE:
        return Way.ALL_OF_THEM
    return Way.BY_TIME if len(people) * _ONE_IN >= circles.stats().nodes else Way.NEWEST_OF_EACH


@dataclass(slots=True)
class _Read:
    """Rows of a kind as the driver gave them, with the columns of a `Candidate`, which `candidate` makes."""

    candidate: Callable[[Any], Any]
    found: list[Any] = field(default_factory=list)
    near: list[Any] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)


def _read(shape: _Shape, given: Mapping[str, Any]) -> _Read:
    rows, candidate = _newest_for(shape).unread(**given)
    found = _Read(candidate)
    for row in rows:
        kind = row[0]
        if kind in _KINDS:
            found.found.append(row)
        elif kind == _NEAR:
            found.near.append(row)
        else:
            found.numbers[kind] = row[2]
    return found


def _behind(at: Any, ident: Any) -> Any:
    when, last = bindparam("when", type_=UtcDateTime()), bindparam("last", type_=String())
    # The first part is what an index can begin at.
    return and_(at <= when, or_(at < when, ident < last))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What one statement of `newest` depends on."""

    dialect: str
    way: Way
    of_some: bool  # not of everybody
    behind: bool
    size: int
    each: int  # recommendations of each of the items that are near; 0 without such
    hidden: bool


@lru_cache(maxsize=64)
def _newest_for(shape: _Shape) -> Prepared:
    """Its columns are the fields of a `Candidate`."""
    return Prepared(_statement(shape), Candidate)


def _statement(shape: _Shape) -> Any:
    dialect = shape.dialect
    as_of, viewer = bindparam("as_of", type_=UtcDateTime()), bindparam("viewer", type_=Integer())
    said: Any = (
        select(
            literal(RECOMMENDATION).label("kind"),
            _R.id.label("id"),
            _R.member_id.label("author"),
            _R.updated_at.label("at"),
            _I.category.label("category"),
            _R.stance.label("stance"),
            _R.disclosure.label("disclosure"),
            _R.verified_purchase.label("verified"),
            _R.item_id.label("item_id"),
        )
        .join(_I, _I.id == _R.item_id)
        .where(visible_items(viewer), _R.removed_at.is_(None), visible_owner(_R.member_id, viewer))
    )
    offered: Any = select(
        literal(LISTING).label("kind"),
        _L.id.label("id"),
        _L.seller_id.label("author"),
        _L.created_at.label("at"),
        _L.category.label("category"),
        cast(null(), String).label("stance"),
        literal("none").label("disclosure"),
        cast(false(), Boolean).label("verified"),
        cast(null(), String).label("item_id"),
    ).where(visible_owner(_L.seller_id, viewer), in_audience(_L.id, viewer))
    told, mine, theirs = said, said, offered
    active = _L.status == Status.ACTIVE.value
    latest = None
    if shape.way is Way.ALL_OF_THEM:
        mine = said.where(among(dialect, _R.member_id, "people", Integer()), _in_window(_R.updated_at, _R.id, shape))
        theirs = offered.where(
            active, among(dialect, _L.seller_id, "people", Integer()), _in_window(_L.created_at, _L.id, shape)
        )
    elif shape.way is Way.EVERYTHING:
        mine = said.where(_in_window(_R.updated_at, _R.id, shape))
        theirs = offered.where(active, _in_window(_L.created_at, _L.id, shape))
    else:
        latest = _latest_of_both(shape)
        mine, theirs = (
            said.where(_R.id.in_(_ids(latest, RECOMMENDATION))),
            offered.where(_L.id.in_(_ids(latest, LISTING))),
        )
    if shape.of_some:
        told = said.where(among(dialect, _author(_R.member_id, shape), "people", Integer()))
    # What was put differently since the first page stands where it stood then.
    stood = (
        select(func.max(RecommendationRevision.said_at))
        .where(RecommendationRevision.recommendation_id == _R.id, RecommendationRevision.said_at <= as_of)
        .correlate(_R)
        .scalar_subquery()
    )
    lately: Any = _R.updated_at > as_of
    if dialect == "sqlite":
        # Next to nothing: else SQLite prepares for many rows by reading all items.
        lately = func.likelihood(lately, literal_column("0.00001"))
    moved = told.where(lately, stood.is_not(None))
    columns = [stood.label("at") if one.name == "at" else one for one in told.selected_columns]
    moved = moved.with_only_columns(*columns)
    if shape.behind:
        moved = moved.where(_behind(stood, _R.id))
    parts = [moved.order_by(stood.desc(), _R.id.desc()).limit(_UPTO)]
    if latest is not None:
        parts += [mine, theirs, _number_row(_LOOKED_UP, select(func.count()).select_from(latest).scalar_subquery())]
    else:
        parts.append(mine.order_by(_R.updated_at.desc(), _R.id.desc()).limit(_UPTO))
        parts.append(theirs.order_by(_L.created_at.desc(), _L.id.desc()).limit(_UPTO))
    if shape.each:
        parts.append(_near(said, shape))
    if shape.hidden:
        parts.append(_hidden(dialect))
    return union_all(*(select(part.subquery()) for part in parts))


def _in_window(at: Any, ident: Any, shape: _Shape) -> Any:
    """Not later than the first page, and behind the page before."""
    return _behind(at, ident) if shape.behind else at <= bindparam("as_of", type_=UtcDateTime())


def _author(column: Any, shape: _Shape) -> Any:
    """The sum keeps a database from reading and sorting all that many people ever said: the newest come
    in order by the index on the time.
    """
    return column + 0 if shape.way is Way.BY_TIME else column


def _latest_of_both(shape: _Shape) -> CTE:
    """Kinds and ids of the newest of all, a few more than a window holds, for some of it may not be shown."""
    both = union_all(*(select(_latest(kind, shape).subquery()) for kind in _KINDS)).subquery()
    newest_first = select(both.c.kind, both.c.id).order_by(both.c.at.desc(), both.c.id.desc())
    return newest_first.limit(_LOOKED_UP_TO).cte("latest")


def _latest(kind: str, shape: _Shape) -> Any:
    """The newest of one kind of these people: an index holds all that this asks for."""
    one = (_WORDS if kind == RECOMMENDATION else _OFFERS).alias("one").c
    author, at = (one.member_id, one.updated_at) if kind == RECOMMENDATION else (one.seller_id, one.created_at)
    there = one.removed_at.is_(None) if kind == RECOMMENDATION else one.status == Status.ACTIVE.value
    theirs = [among(shape.dialect, _author(author, shape), "people", Integer())] if shape.of_some else []
    found = select(literal(kind).label("kind"), one.id.label("id"), at.label("at"))
    found = found.where(there, _in_window(at, one.id, shape), *theirs)
    return found.order_by(at.desc(), one.id.desc()).limit(_LOOKED_UP_TO)


def _ids(latest: CTE, kind: str) -> Any:
    return select(latest.c.id).where(latest.c.kind == kind)


def _near(said: Any, shape: _Shape) -> Any:
    """The newest few recommendations of each suggested item: of a popular one there are thousands."""
    one = _WORDS.alias("one")
    wanted = each(shape.dialect, "items", String())
    few = (
        select(one.c.id)
        .where(one.c.item_id == wanted.c.value, one.c.stance == "recommend", one.c.removed_at.is_(None))
        .order_by(one.c.updated_at.desc(), one.c.id.desc())
        .limit(shape.each)
        .correlate(wanted)
    )
    columns = [literal(_NEAR).label("kind"), *list(said.selected_columns)[1:]]
    return said.with_only_columns(*columns).join(wanted, _R.id.in_(few)).limit(shape.size)


def _hidden(dialect: str) -> Any:
    """One row whose author column counts what others say and offer, up to a bound."""
    viewer = bindparam("viewer", type_=Integer())
    others = (
        select(literal(1))
        .where(
            _R.removed_at.is_(None),
            ~among(dialect, _R.member_id, "shown", Integer()),
            visible_owner(_R.member_id, viewer),
        )
        .limit(MAX_HIDDEN)
        .subquery()
    )
    elsewhere = (
        select(literal(1))
        .where(
            _L.status == Status.ACTIVE.value,
            ~among(dialect, _L.seller_id, "shown", Integer()),
            visible_owner(_L.seller_id, viewer),
            in_audience(_L.id, viewer),
        )
        .limit(MAX_HIDDEN)
        .subquery()
    )
    number = (
        select(func.count()).select_from(others).scalar_subquery()
        + select(func.count()).select_from(elsewhere).scalar_subquery()
    )
    return _number_row(_HIDDEN, number)


def _number_row(kind: str, number: Any) -> Any:
    return select(
        literal(kind).label("kind"),
        literal("").label("id"),
        cast(number, Integer).label("author"),
        bindparam("as_of", type_=UtcDateTime()).label("at"),
        cast(null(), String).label("category"),
        cast(null(), String).label("stance"),
        literal("none").label("disclosure"),
        cast(false(), Boolean).label("verified"),
        cast(null(), String).label("item_id"),
    )
