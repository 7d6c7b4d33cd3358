"""Rows of answers, and what a page makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from app.community.questions.models import QuestionAnswer
from app.community.questions.values import MAX_ALL_ANSWERS, Answer
from app.community.recommendations.models import Recommendation
from app.community.recommendations.queries import recommendation_rows, said
from app.community.recommendations.values import RecommendationView
from app.kernel.ids import MemberId, QuestionId, RecommendationId
from app.people.blocks.queries import visible_owner
from app.people.profiles.queries import cards
from app.platform.database import db
from app.platform.markup import render_markdown
from app.trust.circle import queries as circles


class People:
    """Faces of these, and the viewer's ways to them: two statements at most for all."""

    def __init__(self, viewer_id: MemberId, ids: set[MemberId]) -> None:
        self.viewer_id = viewer_id
        self.circle = circles.circle_of(viewer_id)
        self.ways = circles.trails(viewer_id, ids, self.circle)
        # Who is on a way has brought their card along.
        known = {one: way.target for one, way in self.ways.items() if way.target is not None}
        rest = ids - known.keys()
        self.faces = known | (cards(rest) if rest else {})


def given_to(
    viewer_id: MemberId, ask_id: QuestionId
) -> tuple[list[Row[Any]], dict[RecommendationId, RecommendationView]]:
    """Answers as they were given, and what is recommended in them, as far as the viewer may see it."""
    query: Select[*tuple[Any, ...]] = (
        select(
            QuestionAnswer.id,
            QuestionAnswer.member_id,
            QuestionAnswer.recommendation_id,
            QuestionAnswer.text,
            QuestionAnswer.at,
            QuestionAnswer.edited_at,
            QuestionAnswer.thanked_at,
        )
        .where(
            QuestionAnswer.ask_id == ask_id,
            QuestionAnswer.removed_at.is_(None),
            visible_owner(QuestionAnswer.member_id, viewer_id),
        )
        .order_by(QuestionAnswer.id)
        .limit(MAX_ALL_ANSWERS)
    )
    rows = list(db.session.execute(query))
    wanted = [row.recommendation_id for row in rows if row.recommendation_id is not None]
    if not wanted:
        return rows, {}
    words = recommendation_rows(viewer_id).where(Recommendation.id.in_(wanted))
    attached = {row.id: said(row) for row in db.session.execute(words)}
    return [row for row in rows if row.text or row.recommendation_id in attached], attached


def read_answers(
    given: Sequence[Row[Any]], attached: dict[RecommendationId, RecommendationView], people: People
) -> list[Answer]:
    """The one that helped first, then by trust."""
    found = []
    for one in given:
        trail = people.ways.get(one.member_id)
        found.append(
            Answer(
                id=one.id,
                member=people.faces[one.member_id],
                text=one.text,
                text_html=render_markdown(one.text) if one.text else "",
                said=attached.get(one.recommendation_id),
                at=one.at,
                helped=one.thanked_at is not None,
                mine=one.member_id == people.viewer_id,
                edited=one.edited_at is not None,
                trail=trail,
                path=tuple(trail.handles) if trail else None,
                score=people.circle.score(one.member_id),
            )
        )
    return sorted(found, key=lambda one: (not one.helped, -one.score))
