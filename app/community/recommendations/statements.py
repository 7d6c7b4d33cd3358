"""The statements behind an item's word of mouth: what they read does not grow with what is said of it.

Of people in a circle each is looked up. Everybody else comes in a window by an index, and is counted
up to a bound: `MAX_COUNTED`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import Integer, String, Table, bindparam, false, func, literal, literal_column, null, select, true
from sqlalchemy import cast as as_type
from sqlalchemy.sql.expression import union_all

from app.community.recommendations.models import Recommendation
from app.community.recommendations.values import Stance
from app.kernel.bounds import MAX_COUNTED
from app.people.accounts.queries import not_hidden
from app.people.blocks.queries import in_touch
from app.platform.database import UtcDateTime
from app.platform.prepared import Prepared
from app.platform.sql import each, limited

NEAR, COUNT, SHARE, OTHER = "near", "count", "share", "other"
UNBOUNDED: Final = 2**31 - 1
SHARED: Final = MAX_COUNTED  # of how many others it is known how they divide

_table = cast(Table, Recommendation.__table__)
_R = _table.c
# As the index has it, so with a constant in place of a parameter.
_PAID_OR_GIFTED: Any = _R.disclosure != literal_column("'none'")


@lru_cache(maxsize=64)
def word_of_mouth(dialect: str, guest: bool, stances: tuple[str, ...], window: bool) -> Prepared:
    """What a page says of one item, in one statement; `part` says what a row is.

    `near`: somebody in `circle`, a list with the viewer in it. `share`: how the first thousand of everybody
    else divide; where there are no more, that is all of them. `count`: where there are more, how many take
    a stance, up to `bound`; else 0. `other`: a window of everybody else with these stances, the helpful first
    and the newest of these, behind them what was gifted or paid for.
    """
    item, bound = bindparam("item", type_=String()), bindparam("bound", type_=Integer())
    heard = _standing(_viewer(guest))
    parts: list[Any] = []
    strange: Any = true()
    if not guest:
        circle = select(each(dialect, "circle", Integer()).c.value)
        near = _row(NEAR, literal(0)).where(_R.item_id == item, _R.member_id.in_(circle), *heard).cte("near")
        parts.append(select(near))
        # Fewer than a circle has: that list would be read anew at each place that asks for it.
        strange = _R.member_id.not_in(select(near.c.member_id))
    # By the members' ids, which know nothing of stances.
    first = select(_R.stance).where(_R.item_id == item, *heard, strange).order_by(_R.item_id, _R.member_id)
    some = first.limit(SHARED + 1).cte("some")
    parts.append(_number(SHARE, some.c.stance, some).group_by(some.c.stance))
    found = select(func.count()).select_from(some).scalar_subquery()
    for stance in Stance:
        said = select(_R.member_id).where(_R.item_id == item, _R.stance == stance.value, *heard, strange)
        parts.append(_number(COUNT, stance.value, limited(dialect, said, bound, found > SHARED).subquery()))
    if window:
        parts.append(select(_window(dialect, item, stances, (*heard, strange), found > 0).subquery()))
    return Prepared(union_all(*parts))


def _window(dialect: str, item: Any, stances: tuple[str, ...], heard: tuple[Any, ...], any_found: Any) -> Any:
    """Of each stance as many as can be shown, then the best of all."""
    upto, start, size = (bindparam(name, type_=Integer()) for name in ("upto", "start", "size"))
    each_stance = []
    for stance in stances:
        said = _row(OTHER, _R.helpful_count).add_columns(_PAID_OR_GIFTED.label("apart"))
        said = said.where(_R.item_id == item, _R.stance == stance, *heard)
        said = said.order_by(_PAID_OR_GIFTED, _R.helpful_count.desc(), _R.updated_at.desc(), _R.member_id)
        each_stance.append(select(limited(dialect, said, upto, any_found).subquery()))
    found = union_all(*each_stance).subquery()
    columns = [column for column in found.c if column.name != "apart"]
    ordered = select(*columns).order_by(found.c.apart, found.c.number.desc(), found.c.at.desc(), found.c.member_id)
    return ordered.limit(size).offset(start)


@lru_cache(maxsize=4)
def glances(dialect: str, guest: bool) -> Prepared:
    """Who in `circle` recommends which of the `items`; where nobody does, how many others, up to `bound`.

    What those in the circle say of anything is looked through by an index on them: an index of items
    would be asked for each of them on each item.
    """
    bound = bindparam("bound", type_=Integer())
    heard = (_R.stance == Stance.RECOMMEND.value, *_standing(_viewer(guest)))
    counted = each(dialect, "items", String())
    if guest:
        return Prepared(_counts(counted, heard, bound))
    circle = select(each(dialect, "circle", Integer()).c.value)
    items = select(each(dialect, "items", String()).c.value)
    # Found by the index that has the items, and only then read: the others lead to a row for each word.
    index = _table.alias().c
    told = select(index.item_id, index.member_id).where(
        index.member_id.in_(circle), index.item_id.concat("").in_(items)
    )
    pairs = told.cte("pairs").prefix_with("MATERIALIZED")
    near = _glanced().where(_R.item_id == pairs.c.item_id, _R.member_id == pairs.c.member_id, *heard).cte("near")
    others = (*heard, _R.member_id.not_in(circle))
    unknown = counted.c.value.not_in(select(near.c.item_id).where(near.c.member_id != bindparam("viewer")))
    return Prepared(union_all(select(near), _counts(counted, others, bound).where(unknown)))


def _glanced() -> Any:
    return select(
        _R.item_id,
        _R.member_id,
        _R.stance,
        _R.disclosure,
        _R.verified_purchase.label("verified"),
        _R.updated_at.label("at"),
        literal(0).label("number"),
    )


def _counts(items: Any, heard: tuple[Any, ...], bound: Any) -> Any:
    said = select(_R.member_id).where(_R.item_id == items.c.value, *heard).correlate(items).limit(bound)
    return select(
        items.c.value.label("item_id"),
        literal(0).label("member_id"),
        literal("").label("stance"),
        literal("").label("disclosure"),
        false().label("verified"),
        as_type(null(), UtcDateTime()).label("at"),
        _how_many(said).label("number"),
    )


def _how_many(some: Any) -> Any:
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def _viewer(guest: bool) -> Any:
    return None if guest else bindparam("viewer", type_=Integer())


def _standing(viewer: Any) -> tuple[Any, ...]:
    here = _R.removed_at.is_(None), not_hidden(_R.member_id)
    return here if viewer is None else (*here, in_touch(_R.member_id, viewer))


def _row(part: str, number: Any) -> Any:
    return select(
        literal(part).label("part"),
        _R.member_id,
        _R.stance,
        _R.disclosure,
        _R.verified_purchase.label("verified"),
        _R.updated_at.label("at"),
        number.label("number"),
    )


def _number(part: str, stance: Any, said: Any) -> Any:
    return select(
        literal(part).label("part"),
        literal(0).label("member_id"),
        (literal(stance) if isinstance(stance, str) else stance).label("stance"),
        literal("").label("disclosure"),
        false().label("verified"),
        as_type(null(), UtcDateTime()).label("at"),
        func.count().label("number"),
    ).select_from(said)
