"""Saying something to a recommendation, and taking it away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update

from app.community.comments.events import CommentAdded, CommentRemoved
from app.community.comments.models import Comment
from app.community.comments.values import MAX_COMMENT_LENGTH, MAX_COMMENTS
from app.community.recommendations.queries import get_recommendation_view
from app.community.recommendations.service import count_comments
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import CommentId, MemberId, RecommendationId, new_id
from app.people.accounts.queries import require_active
from app.people.blocks.queries import is_blocked_between
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.markup import clean_text
from app.platform.subjects import Ruling, Taken


def add_comment(actor: MemberId, recommendation_id: RecommendationId, text: str) -> CommentId:
    """Answers the comment's id. Raises `Invalid`, `NotFound`, `Forbidden` or `Conflict`."""
    text = clean_text(text, MAX_COMMENT_LENGTH)
    if not text:
        raise Invalid("Write something first.", code="empty_text")
    comment_id = CommentId(new_id())
    with unit_of_work() as work:
        require_active(actor)
        if is_blocked_between(actor, get_recommendation_view(None, recommendation_id).member_id):
            raise Forbidden("You can’t do this, because one of you has blocked the other.", code="blocked")
        get_recommendation_view(actor, recommendation_id)
        there = select(func.count()).where(Comment.recommendation_id == recommendation_id)
        if (db.session.scalar(there) or 0) >= MAX_COMMENTS:
            raise Conflict("This thread has reached its limit. No more comments can be added.", code="thread_full")
        db.session.execute(
            insert(Comment).values(
                id=comment_id,
                recommendation_id=recommendation_id,
                author_id=actor,
                text=text,
                created_at=clock.now(),
            )
        )
        count_comments(recommendation_id, 1)
        work.record(CommentAdded(comment_id=comment_id, recommendation_id=recommendation_id, author_id=actor))
    return comment_id


def remove_comment(actor: MemberId, comment_id: CommentId) -> str:
    """By its author or by whose recommendation it is about; raises `NotFound` or `Forbidden`.

    Answers what it was said to.
    """
    with unit_of_work() as work:
        require_active(actor)
        row = db.session.execute(
            select(Comment.author_id, Comment.recommendation_id).where(
                Comment.id == comment_id, Comment.removed_at.is_(None)
            )
        ).one_or_none()
        if row is None:
            raise NotFound("This comment no longer exists.")
        if actor != row.author_id and actor != get_recommendation_view(None, row.recommendation_id).member_id:
            raise Forbidden("Only the author can delete this comment.", code="not_yours")
        _remove(work, comment_id)
    return str(row.recommendation_id)


def remove(comment_id: CommentId, _ruling: Ruling) -> Taken | None:
    """Remove it after a moderator's decision; doing it again changes nothing."""
    with unit_of_work() as work:
        at = _remove(work, comment_id)
    return {"at": at.isoformat()} if at else None


def restore(comment_id: CommentId, ruling: Ruling) -> None:
    """Put back what a decision removed."""
    with unit_of_work():
        recommendation_id = db.session.scalar(
            update(Comment)
            .where(Comment.id == comment_id, Comment.removed_at == datetime.fromisoformat(ruling.taken["at"]))
            .values(removed_at=None)
            .returning(Comment.recommendation_id)
        )
        if recommendation_id is not None:
            count_comments(recommendation_id, 1)


def _remove(work: UnitOfWork, comment_id: CommentId) -> datetime | None:
    """Answers when, if it went now."""
    now = clock.now()
    row = db.session.execute(
        update(Comment)
        .where(Comment.id == comment_id, Comment.removed_at.is_(None))
        .values(removed_at=now)
        .returning(Comment.recommendation_id, Comment.author_id)
    ).one_or_none()
    if row is None:
        return None
    count_comments(row.recommendation_id, -1)
    work.record(CommentRemoved(comment_id=comment_id, recommendation_id=row.recommendation_id, author_id=row.author_id))
    return now
