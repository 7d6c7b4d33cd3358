"""Asks as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.community.questions.models import Question
from app.community.questions.queries import visible_to
from app.community.questions.service import remove, restore
from app.community.questions.values import QuestionStatus
from app.platform.database import db
from app.platform.markup import plain_excerpt
from app.platform.subjects import Facts, Kind, State

_TITLE = 80
_STATES = {QuestionStatus.OPEN: State.HERE, QuestionStatus.REMOVED: State.REMOVED}


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these asks."""
    query = select(Question.id, Question.author_id, Question.text, Question.status, Question.created_at).where(
        Question.id.in_(ids)
    )
    return {
        row.id: Facts(
            owner_id=row.author_id,
            title=plain_excerpt(row.text, _TITLE),
            url=f"/asks/{row.id}",
            made_at=row.created_at,
            state=_STATES.get(QuestionStatus(row.status), State.CLOSED),
            excerpt=row.text,
        )
        for row in db.session.execute(query)
    }


KINDS = (
    Kind(
        name="ask",
        key=Question.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        remove=remove,
        restore=restore,
    ),
)
