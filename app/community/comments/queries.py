"""Reads of comments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, or_, select

from app.community.comments.models import Comment
from app.community.comments.values import CommentView
from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.people.accounts.models import Member
from app.people.blocks.queries import out_of_touch
from app.people.profiles.queries import avatar_url
from app.people.profiles.values import MemberCard, hue_of
from app.platform.database import db
from app.platform.markup import render_markdown
from app.trust.circle import queries as circles
from app.web.pagination import Page, decode_cursor, encode_cursor

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
    viewer_id: int | None,
    recommendation_id: str,
    owner_id: int,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[CommentView]:
    """Oldest first, each with the way to its author; nothing of people out of touch. Three statements."""
    query = (
        _standing()
        .where(Comment.recommendation_id == recommendation_id)
        .order_by(Comment.id)
        .limit(limit + 1)
    )
    after = decode_cursor(cursor, str)
    if after is not None:
        query = query.where(Comment.id > after[0])
    rows = list(db.session.execute(query))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    hidden = out_of_touch(viewer_id) if viewer_id is not None and rows else frozenset()
    found = [_view(row, viewer_id, owner_id) for row in rows[:limit] if row.author_id not in hidden]
    authors = {one.author.id for one in found} - {viewer_id}
    trails = circles.trails(viewer_id, authors) if authors else {}
    return Page([replace(one, trail=trails.get(one.author.id)) for one in found], more)


def get_comment(comment_id: str) -> CommentView:
    """One comment as a moderator sees it; raises `NotFound`."""
    row = db.session.execute(_standing().where(Comment.id == comment_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such comment."))
    return _view(row, None, 0)


def _standing() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(Member, Member.id == Comment.author_id)
        .where(Comment.removed_at.is_(None), *_heard())
    )


def _heard() -> tuple[ColumnElement[bool], ...]:
    until = Member.suspended_until
    return Member.active.is_(True), or_(until.is_(None), until <= clock.now())


def _view(row: Row[Any], viewer_id: int | None, owner_id: int) -> CommentView:
    mine = row.author_id == viewer_id
    return CommentView(
        id=row.id,
        recommendation_id=row.recommendation_id,
        author=MemberCard(
            id=row.author_id,
            handle=row.handle,
            name=row.name,
            avatar_url=avatar_url(row.avatar_id),
            hue=hue_of(row.author_id),
            discreet=row.discreet,
            certified=row.certified,
        ),
        trail=None,
        text_html=render_markdown(row.text),
        at=row.created_at,
        mine=mine,
        removable=mine or (viewer_id is not None and viewer_id == owner_id),
    )
