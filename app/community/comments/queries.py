"""Reads of comments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, and_, exists, select
from sqlalchemy.orm import aliased

from app.community.comments.models import Comment
from app.community.comments.values import CommentView
from app.community.recommendations.models import Recommendation
from app.community.recommendations.rows import visible_to as said_to
from app.kernel.errors import NotFound
from app.kernel.ids import CommentId, MemberId, RecommendationId
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.people.accounts.models import Member
from app.people.blocks.queries import visible_owner
from app.people.profiles.queries import card_of
from app.platform.database import db
from app.platform.markup import render_markdown
from app.platform.subjects import NOBODY, Condition, Looker
from app.trust.circle import queries as circles

_COLUMNS: tuple[Any, ...] = (
    Comment.id,
    Comment.recommendation_id,
    Comment.author_id,
    Comment.text,
    Comment.created_at,
    Member.handle,
    Member.name,
    Member.avatar_id,
    Member.discreet,
    Member.certified,
)


def thread(
    viewer_id: MemberId | None,
    recommendation_id: RecommendationId,
    owner_id: MemberId,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[CommentView]:
    """Oldest first, each with the way to its author; nothing of people out of touch. Three statements."""
    query = _rows(viewer_id).where(Comment.recommendation_id == recommendation_id).order_by(Comment.id).limit(limit + 1)
    after = decode_cursor(cursor, str)
    if after is not None:
        query = query.where(Comment.id > after[0])
    rows = list(db.session.execute(query))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    found = [_view(row, viewer_id, owner_id) for row in rows[:limit]]
    authors = {one.author.id for one in found} - {viewer_id}
    trails = circles.trails(viewer_id, authors) if authors else {}
    return Page([replace(one, trail=trails.get(one.author.id)) for one in found], more)


def get_comment(viewer_id: MemberId, comment_id: CommentId) -> CommentView:
    """One comment as the viewer may see it; raises `NotFound`."""
    query = _rows(viewer_id).where(Comment.id == comment_id, visible_to(viewer_id))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("This comment no longer exists.")
    return _view(row, viewer_id, NOBODY)


def visible_to(viewer: Looker) -> Condition:
    """Not removed, by somebody who is here and in touch, and so is what it is said to."""
    # Under a name of its own: a statement around it may read recommendations too.
    said = aliased(Recommendation)
    return and_(spoken_to(viewer), exists().where(said.id == Comment.recommendation_id, said_to(viewer, said)))


def spoken_to(viewer: Looker) -> Condition:
    """Let through the comments that a reader of the recommendation may see."""
    return and_(Comment.removed_at.is_(None), visible_owner(Comment.author_id, viewer))


def _rows(viewer_id: MemberId | None) -> Select[Any]:
    return select(*_COLUMNS).join(Member, Member.id == Comment.author_id).where(spoken_to(viewer_id))


def _view(row: Row[Any], viewer_id: MemberId | None, owner_id: MemberId) -> CommentView:
    mine = row.author_id == viewer_id
    return CommentView(
        id=row.id,
        recommendation_id=row.recommendation_id,
        author=card_of(row, row.author_id),
        trail=None,
        text_html=render_markdown(row.text),
        at=row.created_at,
        mine=mine,
        removable=mine or (viewer_id is not None and viewer_id == owner_id),
    )
