"""Rows of recommendations, and what pages make of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Select, String, Table, and_, bindparam, case, exists, func, select
from sqlalchemy.orm import aliased

from app.community.items.models import Item
from app.community.purchases.queries import sources
from app.community.purchases.values import Source
from app.community.recommendations.models import (
    HelpfulVote,
    Recommendation,
    RecommendationPhoto,
    SavedRecommendation,
)
from app.community.recommendations.values import Endorsement, Shot
from app.community.subject_items.queries import visible_items
from app.kernel.ids import ItemId, MemberId
from app.people.accounts.models import Member
from app.people.blocks.queries import visible_owner
from app.people.profiles.queries import card_of
from app.platform.database import db
from app.platform.markup import render_markdown
from app.platform.photo_urls import photo_url
from app.platform.prepared import Prepared
from app.platform.slots import Slot
from app.platform.sql import each, listed
from app.platform.subjects import NOBODY, Condition, Looker, kinds
from app.trust.circle.values import CircleView, Trail

_TEXT: tuple[Any, ...] = (
    Recommendation.id,
    Recommendation.item_id,
    Recommendation.member_id,
    Recommendation.stance,
    Recommendation.rating,
    Recommendation.rating_high,
    Recommendation.text,
    Recommendation.disclosure,
    Recommendation.verified_purchase,
    Recommendation.updated_at,
    Recommendation.helpful_count,
    Recommendation.revision_count,
    Member.handle,
    Member.name,
    Member.avatar_id,
    Member.discreet,
    Member.certified,
)

# Who sees which comment depends on the kinds of things that this application knows.
_WORDS: Slot[dict[str, Prepared]] = Slot("words_of_items", dict)


def spoken_to(viewer: Looker, said: Any = Recommendation) -> Condition:
    """Neither taken back nor removed, by somebody who is here and in touch with the viewer."""
    return and_(said.removed_at.is_(None), visible_owner(said.member_id, viewer))


def visible_to(viewer: Looker, said: Any = Recommendation) -> Condition:
    """Let through what the viewer may see about an item they may see, for statements without the item."""
    thing = aliased(Item)
    return and_(spoken_to(viewer, said), exists().where(thing.id == said.item_id, visible_items(viewer, thing)))


def worded(viewer: Looker) -> Select[Any]:
    """Words with their author, what the viewer made of them and how many comments the viewer sees."""
    return select(*_TEXT, *marks_of(viewer)).join(Member, Member.id == Recommendation.member_id)


def marks_of(viewer: Looker) -> list[ColumnElement[Any]]:
    """Columns beside a recommendation's own: comments that the viewer sees, and what the viewer made of it."""
    columns: list[ColumnElement[Any]] = [_comments_seen(viewer).label("comments")]
    looker = NOBODY if viewer is None else viewer
    for name, table in (("helped", HelpfulVote), ("saved", SavedRecommendation)):
        by_viewer = (table.recommendation_id == Recommendation.id, table.member_id == looker)
        columns.append(exists().where(*by_viewer).label(name))
    return columns


def _comments_seen(viewer: Looker) -> ColumnElement[int]:
    kind = kinds()["comment"]
    comments = cast(Table, cast(Any, kind.key).table)
    seen = (
        select(func.count())
        .select_from(comments)
        .where(comments.c.recommendation_id == Recommendation.id, kind.visible_to(viewer))
        .correlate(Recommendation)
    )
    # Most have none, and for these nothing is looked up.
    return case((Recommendation.comment_count > 0, seen.scalar_subquery()), else_=0)


def words_on(item_id: ItemId, member_ids: Sequence[MemberId], viewer_id: MemberId | None) -> list[Any]:
    """Rows of `worded` of these members on one item."""
    if not member_ids:
        return []
    dialect, kept = db.engine.dialect.name, _WORDS.here()
    if dialect not in kept:
        kept[dialect] = Prepared(
            worded(bindparam("viewer", type_=Integer())).where(
                Recommendation.item_id == bindparam("item", type_=String()),
                Recommendation.member_id.in_(select(each(dialect, "members", Integer()).c.value)),
                Recommendation.removed_at.is_(None),
            )
        )
    return kept[dialect].rows(item=item_id, members=listed(member_ids), viewer=viewer_id or NOBODY)


def bought_from(viewer_id: MemberId | None, rows: Iterable[Any]) -> dict[str, tuple[Source, ...]]:
    """By whose word what these rows of `worded` speak of was bought; nothing is asked where no mark is."""
    marked = [row for row in rows if row.verified_purchase]
    found = sources(viewer_id, {(row.member_id, row.item_id) for row in marked})
    return {row.id: found.get((row.member_id, row.item_id), ()) for row in marked}


def read_endorsement(
    row: Any,
    circle: CircleView,
    trail: Trail | None,
    photos: Mapping[str, tuple[Shot, ...]],
    bought: Mapping[str, tuple[Source, ...]],
) -> Endorsement:
    """A row of `worded`."""
    return Endorsement(
        id=row.id,
        member=card_of(row, row.member_id),
        stance=row.stance,
        rating=row.rating,
        rating_max=row.rating_high,
        text=row.text,
        text_html=render_markdown(row.text) if row.text else "",
        score=circle.score(row.member_id),
        distance=trail.distance if trail else None,
        trail=trail,
        # What was taken back a moment ago is no mark, though the reaction has not written it yet.
        verified_purchase=bool(bought.get(row.id)),
        bought=bought.get(row.id, ()),
        disclosure=row.disclosure,
        at=row.updated_at,
        photos=photos.get(row.id, ()),
        helpful=row.helpful_count,
        comments=row.comments,
        revisions=row.revision_count,
        helped=bool(row.helped),
        saved=bool(row.saved),
    )


def photos_of(ids: Sequence[str]) -> dict[str, tuple[Shot, ...]]:
    """The photos of these recommendations, in their authors' order; one statement."""
    if not ids:
        return {}
    found: dict[str, tuple[Shot, ...]] = {}
    for row in _photos(db.engine.dialect.name).rows(ids=listed(ids)):
        shot = Shot(row.photo_id, photo_url(row.photo_id, "thumb"), photo_url(row.photo_id, "full"), row.alt)
        found[row.recommendation_id] = (*found.get(row.recommendation_id, ()), shot)
    return found


@lru_cache(maxsize=2)
def _photos(dialect: str) -> Prepared:
    photo = cast(Table, RecommendationPhoto.__table__).c
    wanted = photo.recommendation_id.in_(select(each(dialect, "ids", String()).c.value))
    found = select(photo.recommendation_id, photo.photo_id, photo.alt).where(wanted)
    return Prepared(found.order_by(photo.recommendation_id, photo.position))
