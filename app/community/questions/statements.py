"""Conditions on answers that reads and writes share."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from app.community.questions.models import QuestionAnswer
from app.community.recommendations.models import Recommendation


def standing() -> ColumnElement[bool]:
    """Let through the answers that say something still: words, or a recommendation that was not taken back."""
    # Under a name of its own: a statement around it may read recommendations too.
    said = aliased(Recommendation)
    there = exists().where(said.id == QuestionAnswer.recommendation_id, said.removed_at.is_(None))
    return and_(QuestionAnswer.removed_at.is_(None), or_(QuestionAnswer.text != "", there))
