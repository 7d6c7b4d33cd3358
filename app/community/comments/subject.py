"""Comments as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.community.comments.models import Comment
from app.community.comments.queries import visible_to
from app.community.comments.service import remove, restore
from app.people.accounts.models import Member
from app.platform.database import db
from app.platform.markup import plain_text
from app.platform.subjects import Facts, Kind, State


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these comments."""
    query = (
        select(
            Comment.id,
            Comment.author_id,
            Comment.recommendation_id,
            Comment.text,
            Comment.created_at,
            Comment.removed_at,
            Member.name,
        )
        .join(Member, Member.id == Comment.author_id)
        .where(Comment.id.in_(ids))
    )
    return {
        row.id: Facts(
            owner_id=row.author_id,
            title=row.name,
            url=f"/recommendations/{row.recommendation_id}#comments",
            made_at=row.created_at,
            state=State.HERE if row.removed_at is None else State.REMOVED,
            excerpt=plain_text(row.text),
        )
        for row in db.session.execute(query)
    }


KINDS = (
    Kind(
        name="comment",
        key=Comment.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        remove=remove,
        restore=restore,
    ),
)
