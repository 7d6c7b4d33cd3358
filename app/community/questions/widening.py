"""Whom an ask comes to, and how it goes further."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, case, exists, select, update

from app.community.questions import rules
from app.community.questions.events import AskWidened
from app.community.questions.models import Question, QuestionAnswer, QuestionRecipient
from app.community.questions.statements import standing
from app.community.questions.values import MAX_HOPS, WAIT, QuestionStatus
from app.kernel.clock import clock
from app.kernel.ids import MemberId, QuestionId
from app.people.blocks.queries import out_of_touch
from app.platform.database import UnitOfWork, db, rows_changed, unit_of_work
from app.platform.sql import insert_into
from app.trust.circle.queries import certain_circle_of

_DUE_AT_ONCE = 200


def around_author(author_id: MemberId) -> dict[MemberId, int]:
    """Whom an ask of this member can come to by trust, and how many steps away each is."""
    circle, away = certain_circle_of(author_id), out_of_touch(author_id)
    people = (one for one in circle.within(MAX_HOPS) if one not in away and one != author_id)
    return {one: distance for one in people if (distance := circle.distance(one))}


def come_to(ask_id: QuestionId, around: Mapping[MemberId, int], hops: int) -> int:
    """Those at most so far away whom it has not reached yet; answers how many they are."""
    now = clock.now()
    rows = [
        {"ask_id": ask_id, "member_id": one, "distance": distance, "at": now}
        for one, distance in around.items()
        if distance <= hops
    ]
    if not rows:
        return 0
    statement = insert_into(QuestionRecipient).values(rows).on_conflict_do_nothing()
    return len(db.session.scalars(statement.returning(QuestionRecipient.member_id)).all())


def widen_due() -> int:
    """What nobody has answered for a day goes one step further; answers how many asks did."""
    before = clock.now() - WAIT
    due = (
        select(Question.id, Question.author_id, Question.hops, Question.reach)
        .where(
            Question.status == QuestionStatus.OPEN,
            Question.widened_at <= before,
            Question.hops < Question.reach,
            ~_answered(),
        )
        .order_by(Question.widened_at)
        .limit(_DUE_AT_ONCE)
    )
    done = 0
    for row in db.session.execute(due).all():
        around = around_author(row.author_id)
        hops = rules.next_hops(row.hops, row.reach, set(around.values()))
        with unit_of_work() as work:
            done += go_further(
                work,
                row.id,
                row.author_id,
                (row.hops, hops),
                around,
                by_author=False,
                still=(Question.widened_at <= before, Question.hops < Question.reach, ~_answered()),
            )
    return done


def go_further(
    work: UnitOfWork,
    ask_id: QuestionId,
    author_id: MemberId,
    step: tuple[int, int],
    around: Mapping[MemberId, int],
    *,
    by_author: bool,
    still: tuple[ColumnElement[bool], ...] = (),
) -> bool:
    """From one distance to the next, once: of two at the same moment one finds it done."""
    before, hops = step
    widened = db.session.execute(
        update(Question)
        .where(Question.id == ask_id, Question.status == QuestionStatus.OPEN, Question.hops == before, *still)
        .values(
            hops=hops,
            reach=case((Question.reach < hops, hops), else_=Question.reach),
            widened_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    if not rows_changed(widened):
        return False
    reached = come_to(ask_id, around, hops)
    work.record(AskWidened(ask_id=ask_id, author_id=author_id, hops=hops, reached=reached, by_author=by_author))
    return True


def _answered() -> ColumnElement[bool]:
    return exists().where(QuestionAnswer.ask_id == Question.id, standing())
