"""Where the feed's entries come from: two statements, built once for each shape and database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    Integer,
    Row,
    String,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation, RecommendationRevision
from app.community.subject_items.queries import visible_items
from app.discovery.feed.models import FeedChoice, FeedPreference
from app.discovery.feed.values import (
    LISTING,
    MAX_HIDDEN,
    MODES,
    RECOMMENDATION,
    Candidate,
    Choice,
    Wishes,
)
from app.discovery.people_suggestions.models import MutedMember
from app.market.listings.models import Listing
from app.market.listings.values import Status
from app.people.blocks.models import Block
from app.people.blocks.queries import visible_owner
from app.platform.database import UtcDateTime, db
from app.platform.subjects import NOBODY

MAX_LIKED = 200  # own recommendations that the taste is read from, the latest
MAX_CHOICES = 1000
FEW_PEOPLE = 100  # of so many all that they said is read; of more, the newest of everybody is gone through
_PREFERENCE, _CHOICE, _UNSEEN, _LIKED = "preference", "choice", "unseen", "liked"
_NEAR, _HIDDEN = "near", "hidden"
_R, _L, _I = Recommendation, Listing, Item


@dataclass(frozen=True, slots=True)
class Newest:
    """What was read: in order of time, near to the viewer's taste, and what was left out."""

    found: list[Candidate]
    near: list[Candidate]
    cut: bool  # whether there may be more
    hidden: int


def wishes_of(viewer_id: int | None) -> Wishes:
    """Settings, choices, blocks and liked items of a member, in one statement; a visitor has none."""
    if viewer_id is None:
        return Wishes(personal=False)
    rows = db.session.execute(_wishes(), {"viewer": viewer_id}).all()
    of: dict[str, list[Any]] = {}
    for row in rows:
        of.setdefault(row.what, []).append(row)
    mode, personal, topics = MODES[0], True, ()
    for row in of.get(_PREFERENCE, []):
        mode, personal = row.a, row.b == "1"
        topics = tuple(json.loads(row.c))
    chosen: dict[str, set[str]] = {str(one): set() for one in Choice}
    for row in of.get(_CHOICE, []):
        chosen.get(row.a, set()).add(row.b)
    return Wishes(
        mode=mode,
        personal=personal,
        topics=topics,
        hidden=frozenset(chosen[Choice.HIDE]),
        less=frozenset(chosen[Choice.LESS]),
        other_taste=frozenset(int(one) for one in chosen[Choice.TASTE] if one.isdigit()),
        unseen=frozenset(int(row.a) for row in of.get(_UNSEEN, [])),
        liked={row.a: row.b for row in of.get(_LIKED, [])},
        chosen=_PREFERENCE in of,
    )


@lru_cache(maxsize=2)
def _wishes_for(dialect: str) -> Any:
    viewer = bindparam("viewer", type_=Integer())
    nothing = cast(null(), String)
    topics = (
        type_coerce(FeedPreference.topics, String)
        if dialect == "sqlite"
        else cast(FeedPreference.topics, String)
    )
    personal = cast(cast(FeedPreference.personal, Integer), String)
    liked = (
        select(_R.item_id, _I.title)
        .join(_I, _I.id == _R.item_id)
        .where(_R.member_id == viewer, _R.stance == "recommend", _R.removed_at.is_(None))
        .order_by(_R.updated_at.desc())
        .limit(MAX_LIKED)
        .subquery()
    )
    choices = (
        select(FeedChoice.choice, FeedChoice.target)
        .where(FeedChoice.member_id == viewer)
        .order_by(FeedChoice.created_at.desc())
        .limit(MAX_CHOICES)
        .subquery()
    )
    return union_all(
        select(
            literal(_PREFERENCE).label("what"),
            FeedPreference.mode.label("a"),
            personal.label("b"),
            topics.label("c"),
        ).where(FeedPreference.member_id == viewer),
        select(literal(_CHOICE), choices.c.choice, choices.c.target, nothing),
        select(literal(_UNSEEN), cast(Block.blocked_id, String), nothing, nothing).where(
            Block.blocker_id == viewer
        ),
        select(literal(_UNSEEN), cast(Block.blocker_id, String), nothing, nothing).where(
            Block.blocked_id == viewer
        ),
        select(literal(_UNSEEN), cast(MutedMember.muted_id, String), nothing, nothing).where(
            MutedMember.member_id == viewer
        ),
        select(literal(_LIKED), liked.c.item_id, liked.c.title, nothing),
    )


def _wishes() -> Any:
    return _wishes_for(db.engine.dialect.name)


def newest(
    people: Sequence[int] | None,
    *,
    size: int,
    as_of: datetime,
    before: tuple[datetime, str] | None,
    item_ids: Sequence[str] = (),
    viewer_id: int | None = None,
    count_hidden: bool = False,
) -> Newest:
    """The newest recommendations and listings of these people (None: of everybody), `size` of each.

    Beside them recommendations of `item_ids`, whoever gave them.
    """
    query = _newest_for(
        db.engine.dialect.name,
        None if people is None else len(people) <= FEW_PEOPLE,
        before is not None,
        bool(item_ids),
        count_hidden and people is not None,
        size,
    )
    when, last = before or (as_of, "")
    rows = db.session.execute(
        query,
        {
            "people": _listed(people or ()),
            "shown": _listed([*(people or ()), viewer_id or 0]),
            "items": _listed(list(item_ids)),
            "as_of": as_of,
            "when": when,
            "last": last,
            "viewer": viewer_id or NOBODY,
        },
    ).all()
    of: dict[str, list[Candidate]] = {RECOMMENDATION: [], LISTING: [], _NEAR: []}
    hidden = 0
    for row in rows:
        if row.kind == _HIDDEN:
            hidden = min(MAX_HIDDEN, row.author)
        else:
            of[row.kind].append(_candidate(row))
    return Newest(
        of[RECOMMENDATION] + of[LISTING],
        of[_NEAR],
        max(len(of[RECOMMENDATION]), len(of[LISTING])) >= size,
        hidden,
    )


def _candidate(row: Row[Any]) -> Candidate:
    return Candidate(
        kind=LISTING if row.kind == LISTING else RECOMMENDATION,
        id=row.id,
        author_id=row.author,
        at=row.at,
        category=row.category or "",
        stance=row.stance,
        disclosure=row.disclosure,
        verified=bool(row.verified),
        item_id=row.item_id,
    )


def _listed(values: Sequence[int] | Sequence[str]) -> Any:
    return list(values) if db.engine.dialect.name == "postgresql" else json.dumps(list(values))


def _among(column: Any, name: str, dialect: str, kind: Any) -> Any:
    """A whole list as one value: hundreds of parameters cost more than the query itself."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(kind)))
    listed = func.json_each(bindparam(name, type_=String())).table_valued("value")
    return column.in_(select(listed.c.value))


def _behind(at: Any, ident: Any) -> Any:
    when, last = bindparam("when", type_=UtcDateTime()), bindparam("last", type_=String())
    return or_(at < when, and_(at == when, ident < last))


@lru_cache(maxsize=64)
def _newest_for(
    dialect: str, few: bool | None, behind: bool, items: bool, hidden: bool, size: int
) -> Any:
    """`few`: by the index on the people, or on the time; None: everybody."""
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
    offered: Any = (
        select(
            literal(LISTING).label("kind"),
            _L.id.label("id"),
            _L.seller_id.label("author"),
            _L.created_at.label("at"),
            _L.category.label("category"),
            cast(null(), String).label("stance"),
            literal("none").label("disclosure"),
            cast(false(), Boolean).label("verified"),
            cast(null(), String).label("item_id"),
        )
        .where(_L.status == Status.ACTIVE.value, visible_owner(_L.seller_id, viewer))
    )
    mine, theirs = said, offered
    if few is not None:
        # The sum keeps SQLite from reading and sorting all that many people ever said: the newest
        # come in order by the index on the time. PostgreSQL knows by itself which is better.
        by_time = dialect == "sqlite" and not few
        author, seller = (_R.member_id + 0, _L.seller_id + 0) if by_time else (_R.member_id, _L.seller_id)
        mine = said.where(_among(author, "people", dialect, Integer()))
        theirs = offered.where(_among(seller, "people", dialect, Integer()))
    told = mine
    if behind:
        mine, theirs = mine.where(_behind(_R.updated_at, _R.id)), theirs.where(_behind(_L.created_at, _L.id))
    else:
        mine, theirs = mine.where(_R.updated_at <= as_of), theirs.where(_L.created_at <= as_of)
    # What was put differently since the first page stands where it stood then.
    stood = (
        select(func.max(RecommendationRevision.said_at))
        .where(RecommendationRevision.recommendation_id == _R.id, RecommendationRevision.said_at <= as_of)
        .correlate(_R)
        .scalar_subquery()
    )
    moved = told.where(_R.updated_at > as_of, stood.is_not(None))
    columns = [stood.label("at") if one.name == "at" else one for one in told.selected_columns]
    moved = moved.with_only_columns(*columns)
    if behind:
        moved = moved.where(_behind(stood, _R.id))
    parts = [
        moved.order_by(stood.desc(), _R.id.desc()).limit(size),
        mine.order_by(_R.updated_at.desc(), _R.id.desc()).limit(size),
        theirs.order_by(_L.created_at.desc(), _L.id.desc()).limit(size),
    ]
    if items:
        near = said.where(_among(_R.item_id, "items", dialect, String()), _R.stance == "recommend")
        near = near.with_only_columns(literal(_NEAR).label("kind"), *list(said.selected_columns)[1:])
        parts.append(near.order_by(_R.updated_at.desc()).limit(size))
    if hidden:
        parts.append(_hidden(dialect))
    return union_all(*(select(part.subquery()) for part in parts))


def _hidden(dialect: str) -> Any:
    """One row whose author column counts what others say and offer, up to a bound."""
    viewer = bindparam("viewer", type_=Integer())
    others = (
        select(literal(1))
        .where(
            _R.removed_at.is_(None),
            ~_among(_R.member_id, "shown", dialect, Integer()),
            visible_owner(_R.member_id, viewer),
        )
        .limit(MAX_HIDDEN)
        .subquery()
    )
    elsewhere = (
        select(literal(1))
        .where(
            _L.status == Status.ACTIVE.value,
            ~_among(_L.seller_id, "shown", dialect, Integer()),
            visible_owner(_L.seller_id, viewer),
        )
        .limit(MAX_HIDDEN)
        .subquery()
    )
    number = (
        select(func.count()).select_from(others).scalar_subquery()
        + select(func.count()).select_from(elsewhere).scalar_subquery()
    )
    return select(
        literal(_HIDDEN).label("kind"),
        literal("").label("id"),
        cast(number, Integer).label("author"),
        bindparam("as_of", type_=UtcDateTime()).label("at"),
        cast(null(), String).label("category"),
        cast(null(), String).label("stance"),
        literal("none").label("disclosure"),
        cast(false(), Boolean).label("verified"),
        cast(null(), String).label("item_id"),
    )
