"""Asks and answers as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.community.items.models import Item
from app.community.questions import answering
from app.community.questions.models import Question, QuestionAnswer
from app.community.questions.queries import answer_visible_to, visible_to
from app.community.questions.service import remove, restore
from app.community.questions.values import QuestionStatus
from app.community.recommendations.models import Recommendation
from app.platform.database import db
from app.platform.markup import plain_excerpt, plain_text
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


def answer_facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these answers: their words, else those of what is recommended in them."""
    query = (
        select(
            QuestionAnswer.id,
            QuestionAnswer.ask_id,
            QuestionAnswer.member_id,
            QuestionAnswer.text,
            QuestionAnswer.at,
            QuestionAnswer.removed_at,
            Recommendation.text.label("said"),
            Item.title,
        )
        .outerjoin(Recommendation, Recommendation.id == QuestionAnswer.recommendation_id)
        .outerjoin(Item, Item.id == Recommendation.item_id)
        .where(QuestionAnswer.id.in_(ids))
    )
    return {
        row.id: Facts(
            owner_id=row.member_id,
            title=row.title or plain_excerpt(row.text, _TITLE),
            url=f"/asks/{row.ask_id}#answer-{row.id}",
            made_at=row.at,
            state=State.HERE if row.removed_at is None else State.REMOVED,
            excerpt=plain_text(row.text or row.said or ""),
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
    Kind(
        name="answer",
        key=QuestionAnswer.__table__.c.id,
        visible_to=answer_visible_to,
        facts=answer_facts,
        remove=answering.remove,
        restore=answering.restore,
    ),
)
