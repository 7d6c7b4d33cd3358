"""Asking, answering with recommendations, thanking; and an ask that goes further by itself."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import aliased

from app.community.items.queries import canonical_id
from app.community.items.service import add_item
from app.community.questions import rules
from app.community.questions.events import (
    AnswerThanked,
    AskAnswered,
    AskClosed,
    AskPublished,
)
from app.community.questions.models import Question, QuestionAnswer, QuestionRecipient
from app.community.questions.queries import require_visible
from app.community.questions.values import (
    CIRCLE,
    EVERYBODY,
    MAX_ANSWERS,
    MAX_PLACE_LENGTH,
    MAX_TEXT_LENGTH,
    MAX_TOPIC_LENGTH,
    QuestionDraft,
    QuestionStatus,
)
from app.community.questions.widening import around_author, come_to, go_further
from app.community.recommendations.models import Recommendation
from app.community.recommendations.queries import own
from app.community.recommendations.service import recommend
from app.community.recommendations.values import Stance
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import ItemId, MemberId, QuestionId, RecommendationId, new_id
from app.people.accounts.queries import require_active
from app.platform.database import UnitOfWork, db, rows_changed, unit_of_work
from app.platform.markup import clean_line, clean_text
from app.platform.sql import insert_into, transition
from app.platform.subjects import Ruling, Taken
from app.platform.vocabulary.reading import vocabulary


def publish_question(actor: MemberId, draft: QuestionDraft) -> QuestionId:
    """Ask the people one trusts; answers the ask's id. Raises `Invalid` or `Forbidden`."""
    draft = _checked(draft)
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
        row = _own(actor, ask_id)
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
        row = _own(actor, ask_id)
        if row.hops == EVERYBODY:
            raise Invalid("Everyone can already see it.", code="widest")
        reach = max(row.reach, row.hops + 1)
        hops = rules.next_hops(row.hops, reach, set(around.values()))
        go_further(work, ask_id, actor, (row.hops, hops), around, by_author=True)
        return hops


def answer_question(
    actor: MemberId,
    ask_id: QuestionId,
    item_id: ItemId,
    *,
    text: str = "",
    rating: float | None = None,
    disclosure: str = "",
) -> RecommendationId:
    """Recommend an item as an answer; answers the recommendation's id.

    Without words a recommendation that stands already is the answer as it is. Raises `NotFound`,
    `Invalid`, or `Conflict` when the ask is closed.
    """
    with unit_of_work() as work:
        author_id = _open_for(actor, ask_id)
        item_id = canonical_id(item_id)
        before = own(actor, item_id)
        if before is not None and before.stance == Stance.RECOMMEND and not text.strip() and rating is None:
            ident = before.id
        else:
            ident = recommend(
                actor,
                item_id,
                Stance.RECOMMEND,
                text=text,
                rating=rating,
                disclosure=disclosure or (before.disclosure if before else ""),
            )
        given = select(func.count()).where(QuestionAnswer.ask_id == ask_id, QuestionAnswer.member_id == actor)
        if (db.session.scalar(given) or 0) >= MAX_ANSWERS:
            raise Invalid("You have already given %(most)s answers here.", code="many_answers", most=MAX_ANSWERS)
        row = {"ask_id": ask_id, "recommendation_id": ident, "member_id": actor, "at": clock.now()}
        new = db.session.scalar(
            insert_into(QuestionAnswer).values(row).on_conflict_do_nothing().returning(QuestionAnswer.ask_id)
        )
        if new is not None:
            work.record(AskAnswered(ask_id=ask_id, recommendation_id=ident, author_id=author_id, answerer_id=actor))
        return ident


def answer_with_new(
    actor: MemberId,
    ask_id: QuestionId,
    *,
    title: str,
    kind: str,
    category: str = "",
    text: str = "",
    rating: float | None = None,
    disclosure: str = "",
) -> RecommendationId:
    """Answer with an item that was not here yet; both are written or nothing."""
    with unit_of_work():
        _open_for(actor, ask_id)
        item_id = add_item(actor, kind=kind, title=title, category=category)
        return answer_question(actor, ask_id, item_id, text=text, rating=rating, disclosure=disclosure)


def thank_for(actor: MemberId, ask_id: QuestionId, recommendation_id: RecommendationId) -> None:
    """The author says which answer helped most; another one later takes its place."""
    with unit_of_work() as work:
        row = _own(actor, ask_id, open_only=False)
        answerer_id = db.session.scalar(
            select(QuestionAnswer.member_id)
            .join(Recommendation, Recommendation.id == QuestionAnswer.recommendation_id)
            .where(
                QuestionAnswer.ask_id == ask_id,
                QuestionAnswer.recommendation_id == recommendation_id,
                Recommendation.removed_at.is_(None),
            )
        )
        if answerer_id is None:
            raise NotFound("This answer no longer exists.")
        changed = db.session.execute(
            update(Question)
            .where(Question.id == ask_id, Question.helped_id.is_distinct_from(recommendation_id))
            .values(helped_id=recommendation_id)
            .execution_options(synchronize_session=False)
        )
        if rows_changed(changed):
            work.record(
                AnswerThanked(
                    ask_id=ask_id,
                    recommendation_id=recommendation_id,
                    author_id=row.author_id,
                    answerer_id=answerer_id,
                )
            )


def close_question(actor: MemberId, ask_id: QuestionId) -> None:
    """No more answers are needed; what was said stays."""
    with unit_of_work() as work:
        _own(actor, ask_id)
        _end(work, ask_id, QuestionStatus.CLOSED, by_moderator=False)


def remove_question(actor: MemberId, ask_id: QuestionId) -> None:
    """The author takes it away; the recommendations in its answers stay where they are."""
    with unit_of_work() as work:
        _own(actor, ask_id, open_only=False)
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


def follow_merge(gone_id: ItemId, kept_id: ItemId) -> None:
    """Two items became one, in the unit of work of the merge: answers follow a word that became history."""
    new = aliased(Recommendation)
    history = (
        select(Recommendation.id.label("old"), new.id.label("new"))
        .join(new, new.member_id == Recommendation.member_id)
        .join(QuestionAnswer, QuestionAnswer.recommendation_id == Recommendation.id)
        .where(Recommendation.item_id == gone_id, new.item_id == kept_id)
        .distinct()
    )
    for row in db.session.execute(history).all():
        both = select(QuestionAnswer.ask_id).where(QuestionAnswer.recommendation_id == row.new)
        old_answers = QuestionAnswer.recommendation_id == row.old
        db.session.execute(delete(QuestionAnswer).where(old_answers, QuestionAnswer.ask_id.in_(both)))
        db.session.execute(update(QuestionAnswer).where(old_answers).values(recommendation_id=row.new))
        db.session.execute(update(Question).where(Question.helped_id == row.old).values(helped_id=row.new))


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


def _own(actor: MemberId, ask_id: QuestionId, *, open_only: bool = True) -> Question:
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


def _open_for(actor: MemberId, ask_id: QuestionId) -> MemberId:
    """The author's id, when the actor may answer now; the ask is held until the commit."""
    require_active(actor)
    require_visible(actor, ask_id)
    row = db.session.execute(
        select(Question.author_id, Question.status).where(Question.id == ask_id).with_for_update()
    ).one()
    if row.author_id == actor:
        raise Invalid("You can’t answer your own question.", code="own_self")
    if row.status != QuestionStatus.OPEN:
        raise Conflict("This question is closed.", code="closed")
    return MemberId(row.author_id)


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
