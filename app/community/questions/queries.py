"""Reads of asks: only for those whom they have reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, exists, false, func, or_, select, union_all
from sqlalchemy.orm import aliased

from app.community.questions import rules
from app.community.questions.answer_rows import People, given_to, read_answers
from app.community.questions.models import Question, QuestionAnswer, QuestionRecipient
from app.community.questions.statements import standing
from app.community.questions.values import EVERYBODY, Answer, QuestionCard, QuestionPage, QuestionStatus
from app.community.recommendations.models import Recommendation
from app.community.recommendations.rows import visible_to as said_to
from app.kernel.errors import NotFound
from app.kernel.ids import AnswerId, MemberId, QuestionId, RecommendationId
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.kernel.viewer import Viewer
from app.people.accounts.models import Member
from app.people.blocks.queries import visible_owner
from app.people.profiles.values import MemberCard
from app.platform.database import db
from app.platform.places.lookup import kilometres_between, towns_named
from app.platform.subjects import Condition, Looker
from app.platform.wording import isolated
from app.trust.circle import queries as circles
from app.trust.circle.values import Trail

Columns = Select[*tuple[Any, ...]]
# Beside the viewer's own row: anybody's.
_other = aliased(QuestionRecipient)
_asker = aliased(Member)


def open_questions_for(viewer_id: MemberId, limit: int = 5) -> list[QuestionCard]:
    """The newest open asks that have reached the viewer, for the feed; three statements."""
    return _cards(viewer_id, list(db.session.execute(_for_viewer(viewer_id, limit, None))))


def asks_for(viewer_id: MemberId, *, cursor: str | None = None, limit: int = 20) -> Page[QuestionCard]:
    """Show the questions that reached the viewer, page by page."""
    before = decode_cursor(cursor, str)
    return _page(viewer_id, _for_viewer(viewer_id, limit + 1, before[0] if before else None), limit)


def asks_of(author_id: MemberId, *, cursor: str | None = None, limit: int = 20) -> Page[QuestionCard]:
    """A member's own asks, newest first."""
    query = (
        _rows(author_id)
        .where(Question.author_id == author_id, Question.status != QuestionStatus.REMOVED)
        .order_by(Question.id.desc())
        .limit(limit + 1)
    )
    before = decode_cursor(cursor, str)
    if before:
        query = query.where(Question.id < before[0])
    return _page(author_id, query, limit)


def get_question(viewer_id: MemberId, ask_id: QuestionId) -> QuestionPage:
    """One ask with its answers; raises `NotFound` for whom it has not reached."""
    row = _visible(viewer_id, ask_id)
    given, attached = given_to(viewer_id, ask_id)
    people = People(viewer_id, {row.author_id, *(one.member_id for one in given)})
    card = _card(row, people, _kilometres([row]))
    answers = read_answers(given, attached, people)
    further = rules.widens_at(row.widened_at, hops=row.hops, reach=row.reach, answers=row.answers)
    return QuestionPage(
        card=card,
        answers=tuple(answers),
        reached=row.reached if card.mine else 0,
        widens_at=further if card.open else None,
        may_answer=card.open and not card.mine,
        edited=row.edited_at is not None,
        came=None if card.mine or card.trail else _came(card.author, viewer_id),
    )


def require_visible(viewer_id: MemberId, ask_id: QuestionId) -> None:
    """Raises `NotFound` for whom it has not reached."""
    _visible(viewer_id, ask_id)


def find_text(ask_id: QuestionId, viewer_id: MemberId | None) -> tuple[str, MemberId] | None:
    """Text and author, for the moderators (no viewer) or whom it has reached."""
    query = select(Question.text, Question.author_id).where(
        Question.id == ask_id, Question.status != QuestionStatus.REMOVED
    )
    if viewer_id is not None:
        query = query.where(visible_to(viewer_id))
    row = db.session.execute(query).one_or_none()
    return (row.text, row.author_id) if row else None


def reached_at(ask_id: QuestionId, distance: int) -> list[MemberId]:
    """Whom it has reached so many steps from the author."""
    query = select(QuestionRecipient.member_id).where(
        QuestionRecipient.ask_id == ask_id, QuestionRecipient.distance == distance
    )
    return list(db.session.scalars(query.order_by(QuestionRecipient.member_id)))


def thanked_count(member_id: MemberId) -> int:
    """How often an answer of the member was the one that helped most."""
    return db.session.scalar(select(thanked_subquery(member_id))) or 0


def thanked_subquery(member_id: MemberId) -> ScalarSelect[int]:
    """Count the thanks of a member inside another statement."""
    return (
        select(func.count())
        .select_from(QuestionAnswer)
        .join(Question, Question.id == QuestionAnswer.ask_id)
        .where(
            QuestionAnswer.member_id == member_id,
            QuestionAnswer.thanked_at.is_not(None),
            QuestionAnswer.removed_at.is_(None),
            Question.status != QuestionStatus.REMOVED,
        )
        .scalar_subquery()
    )


def answer_with(ask_id: QuestionId, recommendation_id: RecommendationId) -> AnswerId | None:
    """Find the answer in which the recommendation was given."""
    found = db.session.scalar(
        select(QuestionAnswer.id).where(
            QuestionAnswer.ask_id == ask_id,
            QuestionAnswer.recommendation_id == recommendation_id,
            QuestionAnswer.removed_at.is_(None),
        )
    )
    return None if found is None else AnswerId(found)


def recommended_in(answer_id: AnswerId) -> RecommendationId | None:
    """Find what was recommended in an answer."""
    found = db.session.scalar(select(QuestionAnswer.recommendation_id).where(QuestionAnswer.id == answer_id))
    return None if found is None else RecommendationId(found)


def own_answer(member_id: MemberId, answer_id: AnswerId) -> tuple[QuestionPage, Answer]:
    """Read a member's own answer with its question; raises `NotFound`, also for who gave another's."""
    ask_id = db.session.scalar(
        select(QuestionAnswer.ask_id).where(QuestionAnswer.id == answer_id, QuestionAnswer.member_id == member_id)
    )
    page = get_question(member_id, QuestionId(ask_id)) if ask_id else None
    found = next((one for one in page.answers if one.id == answer_id), None) if page else None
    if page is None or found is None:
        raise NotFound("This answer no longer exists.")
    return page, found


def new_badge(who: Viewer) -> ScalarSelect[int]:
    """How many open asks have reached the viewer and were not looked at; for the page frame."""
    return (
        select(func.count())
        .select_from(QuestionRecipient)
        .join(Question, Question.id == QuestionRecipient.ask_id)
        .where(
            QuestionRecipient.member_id == who.id,
            QuestionRecipient.seen_at.is_(None),
            Question.status == QuestionStatus.OPEN,
            visible_owner(Question.author_id, who.id),
        )
        .scalar_subquery()
    )


def _page(viewer_id: MemberId, query: Columns, limit: int) -> Page[QuestionCard]:
    rows = list(db.session.execute(query))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(_cards(viewer_id, rows[:limit]), more)


def _for_viewer(viewer_id: MemberId, limit: int, before: str | None) -> Columns:
    """By two ways that each follow an index: asked of everybody, and those that came by trust."""
    conditions: list[ColumnElement[bool]] = [
        Question.status == QuestionStatus.OPEN,
        Question.author_id != viewer_id,
        visible_owner(Question.author_id, viewer_id),
    ]
    if before is not None:
        conditions.append(Question.id < before)
    came = select(Question.id).join(
        QuestionRecipient, and_(QuestionRecipient.ask_id == Question.id, QuestionRecipient.member_id == viewer_id)
    )
    ways = (
        select(Question.id).where(Question.hops == EVERYBODY, *conditions),
        came.where(Question.hops != EVERYBODY, *conditions),
    )
    newest = union_all(*(select(way.order_by(Question.id.desc()).limit(limit).subquery()) for way in ways))
    found = newest.subquery()
    return _rows(viewer_id).where(Question.id.in_(select(found.c.id))).order_by(Question.id.desc()).limit(limit)


def _rows(viewer_id: MemberId) -> Columns:
    mine = and_(QuestionRecipient.ask_id == Question.id, QuestionRecipient.member_id == viewer_id)
    query: Columns = (
        select(
            Question.id,
            Question.author_id,
            Question.text,
            Question.topic,
            Question.place,
            select(_asker.place).where(_asker.id == viewer_id).scalar_subquery().label("viewer_place"),
            Question.status,
            Question.hops,
            Question.reach,
            Question.created_at,
            Question.widened_at,
            Question.edited_at,
            QuestionRecipient.distance,
            QuestionRecipient.seen_at,
            _answer_count(viewer_id).label("answers"),
            _thanked().label("thanked"),
            _reached_count().label("reached"),
        )
        .join(Member, Member.id == Question.author_id)
        .outerjoin(QuestionRecipient, mine)
    )
    return query


def _reached_count() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(_other)
        .where(_other.ask_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )


def _answer_count(viewer_id: MemberId) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(QuestionAnswer)
        .where(QuestionAnswer.ask_id == Question.id, standing(), visible_owner(QuestionAnswer.member_id, viewer_id))
        .correlate(Question)
        .scalar_subquery()
    )


def _thanked() -> ColumnElement[bool]:
    return exists().where(QuestionAnswer.ask_id == Question.id, QuestionAnswer.thanked_at.is_not(None), standing())


def visible_to(viewer: Looker) -> Condition:
    """Its author, and whom of those in touch it has reached; visitors see none."""
    if viewer is None:
        return false()
    came = exists().where(_other.ask_id == Question.id, _other.member_id == viewer)
    reached = or_(Question.author_id == viewer, Question.hops == EVERYBODY, came)
    return and_(Question.status != QuestionStatus.REMOVED, reached, visible_owner(Question.author_id, viewer))


def answer_visible_to(viewer: Looker) -> Condition:
    """An answer in words, or with a recommendation that the viewer may see, to a question that has reached them."""
    words = aliased(Recommendation)
    said = exists().where(words.id == QuestionAnswer.recommendation_id, said_to(viewer, words))
    return and_(
        QuestionAnswer.removed_at.is_(None),
        or_(QuestionAnswer.text != "", said),
        visible_owner(QuestionAnswer.member_id, viewer),
        exists().where(Question.id == QuestionAnswer.ask_id, visible_to(viewer)),
    )


def _visible(viewer_id: MemberId, ask_id: QuestionId) -> Row[Any]:
    query = _rows(viewer_id).where(Question.id == ask_id, visible_to(viewer_id))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("This question doesn’t exist, or wasn’t shared with you.")
    return row


def _came(author: MemberCard, viewer_id: MemberId) -> Trail | None:
    """The author's way to the viewer, seen from the viewer's end."""
    way = circles.trails(author.id, [viewer_id]).get(viewer_id)
    if way is None:
        return None
    links = len(way.steps) - 1
    words = _l("%(name)s trusts you", name=isolated(author.name)) if links == 1 else _reached(links)
    return Trail(tuple(reversed(way.steps)), way.distance, words, words)


def _reached(links: int) -> Any:
    return lazy_ngettext("Reached you in %(num)s step", "Reached you in %(num)s steps", links)


def _cards(viewer_id: MemberId, rows: Sequence[Row[Any]]) -> list[QuestionCard]:
    if not rows:
        return []
    people = People(viewer_id, {row.author_id for row in rows})
    far = _kilometres(rows)
    return [_card(row, people, far) for row in rows]


def _kilometres(rows: Sequence[Row[Any]]) -> dict[str, int | None]:
    """How far each place is from the viewer's own."""
    home = rows[0].viewer_place
    towns = towns_named([home, *(row.place for row in rows)]) if home else {}
    return {row.place: kilometres_between(towns.get(home), towns.get(row.place)) for row in rows}


def _card(row: Row[Any], people: People, far: Mapping[str, int | None]) -> QuestionCard:
    trail = people.ways.get(row.author_id)
    mine = row.author_id == people.viewer_id
    return QuestionCard(
        id=row.id,
        author=people.faces[row.author_id],
        text=row.text,
        topic=row.topic,
        place=row.place,
        kilometres=None if mine else far[row.place],
        status=row.status,
        hops=row.hops,
        reach=row.reach,
        answers=row.answers,
        thanked=bool(row.thanked),
        created_at=row.created_at,
        widened_at=row.widened_at,
        mine=mine,
        new=not mine and row.distance is not None and row.seen_at is None,
        distance=row.distance,
        trail=trail,
        path=tuple(trail.handles) if trail else None,
    )
