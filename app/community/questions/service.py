"""Asking: publishing, editing, sharing further, closing."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import insert, select, update

from app.community.questions import rules
from app.community.questions.events import (
    AskClosed,
    AskPublished,
)
from app.community.questions.models import Question, QuestionRecipient
from app.community.questions.queries import require_visible
from app.community.questions.values import (
    CIRCLE,
    EVERYBODY,
    MAX_PLACE_LENGTH,
    MAX_TEXT_LENGTH,
    MAX_TOPIC_LENGTH,
    QuestionDraft,
    QuestionStatus,
)
from app.community.questions.widening import around_author, come_to, go_further
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.ids import MemberId, QuestionId, new_id
from app.people.accounts.queries import require_active
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.markup import clean_line, clean_text
from app.platform.places.lookup import learn
from app.platform.sql import transition
from app.platform.subjects import Ruling, Taken
from app.platform.vocabulary.reading import vocabulary


def publish_question(actor: MemberId, draft: QuestionDraft) -> QuestionId:
    """Ask the people one trusts; answers the ask's id. Raises `Invalid` or `Forbidden`."""
    draft = _checked(draft)
    learn(draft.place)
    around = around_author(actor)
    hops = rules.first_hops(draft.reach, set(around.values()))
    ask_id, now = QuestionId(new_id()), clock.now()
    with unit_of_work() as work:
        require_active(actor)
        db.session.execute(
            insert(Question).values(
                id=ask_id,
                author_id=actor,
                text=draft.text,
                topic=draft.topic,
                place=draft.place,
                hops=hops,
                reach=draft.reach,
                status=QuestionStatus.OPEN.value,
                created_at=now,
                widened_at=now,
            )
        )
        reached = come_to(ask_id, around, hops)
        work.record(AskPublished(ask_id=ask_id, author_id=actor, reached=reached))
    return ask_id


def edit_question(
    actor: MemberId, ask_id: QuestionId, draft: QuestionDraft | Callable[[QuestionDraft], QuestionDraft]
) -> None:
    """Other words, or how far it may go; what it has reached already it keeps.

    A function gets the ask as it is now, held until the commit.
    """
    with unit_of_work():
        row = own_question(actor, ask_id)
        now = QuestionDraft(text=row.text, topic=row.topic, place=row.place, reach=row.reach)
        wanted = _checked(draft(now) if callable(draft) else draft)
        if wanted.reach < row.hops:
            raise Invalid("It has already been shared more widely.", code="bad_reach")
        row.text, row.topic, row.place, row.reach = wanted.text, wanted.topic, wanted.place, wanted.reach
        row.edited_at = clock.now()


def widen_question(actor: MemberId, ask_id: QuestionId) -> int:
    """One step further now, also beyond what the author had chosen; answers how far it goes."""
    around = around_author(actor)
    with unit_of_work() as work:
        row = own_question(actor, ask_id)
        if row.hops == EVERYBODY:
            raise Invalid("Everyone can already see it.", code="widest")
        reach = max(row.reach, row.hops + 1)
        hops = rules.next_hops(row.hops, reach, set(around.values()))
        go_further(work, ask_id, actor, (row.hops, hops), around, by_author=True)
        return hops


def close_question(actor: MemberId, ask_id: QuestionId) -> None:
    """No more answers are needed; what was said stays."""
    with unit_of_work() as work:
        own_question(actor, ask_id)
        _end(work, ask_id, QuestionStatus.CLOSED, by_moderator=False)


def remove_question(actor: MemberId, ask_id: QuestionId) -> None:
    """The author takes it away; the recommendations in its answers stay where they are."""
    with unit_of_work() as work:
        own_question(actor, ask_id, open_only=False)
        _end(work, ask_id, QuestionStatus.REMOVED, by_moderator=False)


def remove(ask_id: QuestionId, _ruling: Ruling) -> Taken | None:
    """Remove it after a moderator's decision; doing it again changes nothing."""
    with unit_of_work() as work:
        before = db.session.scalar(select(Question.status).where(Question.id == ask_id).with_for_update())
        gone = _end(work, ask_id, QuestionStatus.REMOVED, by_moderator=True)
    return {"status": before} if gone else None


def restore(ask_id: QuestionId, ruling: Ruling) -> None:
    """Put back what a decision removed: open or closed, as it was."""
    with unit_of_work():
        transition(Question, {"id": ask_id, "status": QuestionStatus.REMOVED.value}, {"status": ruling.taken["status"]})


def mark_seen(actor: MemberId, ask_id: QuestionId) -> None:
    """The member has looked at it."""
    with unit_of_work():
        db.session.execute(
            update(QuestionRecipient)
            .where(
                QuestionRecipient.ask_id == ask_id,
                QuestionRecipient.member_id == actor,
                QuestionRecipient.seen_at.is_(None),
            )
            .values(seen_at=clock.now())
        )


def own_question(actor: MemberId, ask_id: QuestionId, *, open_only: bool = True) -> Question:
    """The author's ask, held until the commit."""
    require_active(actor)
    row = db.session.scalar(
        select(Question)
        .where(Question.id == ask_id, Question.status != QuestionStatus.REMOVED)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or row.author_id != actor:
        # Who may see it learns that it is somebody else's, everybody else nothing at all.
        require_visible(actor, ask_id)
        raise Forbidden("Only the person who asked can do this.", code="not_yours")
    if open_only and row.status != QuestionStatus.OPEN:
        raise Conflict("This question is closed.", code="closed")
    return row


def _checked(draft: QuestionDraft) -> QuestionDraft:
    text = clean_text(draft.text, MAX_TEXT_LENGTH)
    if not text:
        raise Invalid("Write what you are looking for.", code="missing_text")
    if draft.reach not in range(CIRCLE, EVERYBODY + 1):
        raise Invalid("Choose who can see it.", code="bad_reach")
    return QuestionDraft(
        text=text,
        topic=vocabulary().canonical(clean_line(draft.topic, MAX_TOPIC_LENGTH)),
        place=clean_line(draft.place, MAX_PLACE_LENGTH),
        reach=draft.reach,
    )


def _end(work: UnitOfWork, ask_id: QuestionId, status: QuestionStatus, *, by_moderator: bool) -> bool:
    """Answers whether it ended now."""
    author_id = db.session.scalar(
        update(Question)
        .where(Question.id == ask_id, Question.status.not_in([status.value, QuestionStatus.REMOVED.value]))
        .values(status=status.value)
        .returning(Question.author_id)
        .execution_options(synchronize_session=False)
    )
    if author_id is not None:
        work.record(AskClosed(ask_id=ask_id, author_id=author_id, by_moderator=by_moderator))
    return author_id is not None
