"""Answering a question, in words, with a recommendation or both; editing, deleting, thanking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, delete, exists, func, select, update
from sqlalchemy.orm import aliased

from app.community.items.queries import canonical_id
from app.community.items.service import add_item
from app.community.questions.events import AnswerRemoved, AnswerThanked, AskAnswered
from app.community.questions.models import Question, QuestionAnswer
from app.community.questions.queries import answer_visible_to, require_visible
from app.community.questions.service import own_question
from app.community.questions.statements import standing
from app.community.questions.values import MAX_ALL_ANSWERS, MAX_ANSWER_LENGTH, MAX_ANSWERS, QuestionStatus
from app.community.recommendations.models import Recommendation
from app.community.recommendations.queries import get_recommendation_view, own
from app.community.recommendations.service import recommend
from app.community.recommendations.values import Stance
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import AnswerId, ItemId, MemberId, QuestionId, RecommendationId, new_id
from app.people.accounts.queries import require_active
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.markup import clean_text
from app.platform.sql import insert_into
from app.platform.subjects import Ruling, Taken


def answer_in_words(
    actor: MemberId, ask_id: QuestionId, words: str, *, recommendation_id: RecommendationId | None = None
) -> AnswerId:
    """Say it in words, perhaps with something that the actor recommends already.

    Raises `NotFound`, `Invalid`, or `Conflict` when the ask is closed.
    """
    words = clean_text(words, MAX_ANSWER_LENGTH)
    with unit_of_work() as work:
        author_id = _open_for(actor, ask_id)
        if recommendation_id is not None:
            said = get_recommendation_view(actor, recommendation_id)
            if said.member_id != actor or said.stance != Stance.RECOMMEND:
                raise Invalid("You can only attach what you recommend yourself.", code="not_yours")
        elif not words:
            raise Invalid("Write an answer, or choose what you recommend.", code="empty_answer")
        return _give(work, actor, author_id, ask_id, words, recommendation_id)


def answer_question(
    actor: MemberId,
    ask_id: QuestionId,
    item_id: ItemId,
    *,
    words: str = "",
    text: str = "",
    rating: float | None = None,
    disclosure: str = "",
) -> AnswerId:
    """Recommend an item as an answer: `words` are for who asks, `text` for everybody who looks at the item.

    Without text and rating a recommendation that stands already is the answer as it is. Raises `NotFound`,
    `Invalid`, or `Conflict` when the ask is closed.
    """
    words = clean_text(words, MAX_ANSWER_LENGTH)
    with unit_of_work() as work:
        author_id = _open_for(actor, ask_id)
        item_id = canonical_id(item_id)
        before = own(actor, item_id)
        if before is not None and before.stance == Stance.RECOMMEND and not text.strip() and rating is None:
            said_id = before.id
        else:
            said_id = recommend(
                actor,
                item_id,
                Stance.RECOMMEND,
                text=text,
                rating=rating,
                disclosure=disclosure or (before.disclosure if before else ""),
            )
        return _give(work, actor, author_id, ask_id, words, said_id)


def answer_with_new(
    actor: MemberId,
    ask_id: QuestionId,
    *,
    title: str,
    kind: str,
    category: str = "",
    words: str = "",
    text: str = "",
    rating: float | None = None,
    disclosure: str = "",
) -> AnswerId:
    """Answer with an item that was not here yet; both are written or nothing."""
    with unit_of_work():
        _open_for(actor, ask_id)
        item_id = add_item(actor, kind=kind, title=title, category=category)
        return answer_question(actor, ask_id, item_id, words=words, text=text, rating=rating, disclosure=disclosure)


def edit_answer(actor: MemberId, answer_id: AnswerId, words: str | Callable[[str], str]) -> QuestionId:
    """Say it in other words; a function gets those of now, held until the commit. Answers the ask's id."""
    with unit_of_work():
        row = _own_answer(actor, answer_id)
        require_visible(actor, row.ask_id)
        text = clean_text(words(row.text) if callable(words) else words, MAX_ANSWER_LENGTH)
        if not text and row.recommendation_id is None:
            raise Invalid("Write something first.", code="empty_text")
        if text != row.text:
            db.session.execute(
                update(QuestionAnswer)
                .where(QuestionAnswer.id == answer_id)
                .values(text=text, edited_at=clock.now())
                .execution_options(synchronize_session=False)
            )
        return QuestionId(row.ask_id)


def remove_answer(actor: MemberId, answer_id: AnswerId) -> QuestionId:
    """Whoever gave it takes it away; what they recommended in it stays. Answers the ask's id."""
    with unit_of_work() as work:
        row = _own_answer(actor, answer_id)
        _remove(work, answer_id, by_moderator=False)
        return QuestionId(row.ask_id)


def remove(answer_id: AnswerId, _ruling: Ruling) -> Taken | None:
    """Remove it after a moderator's decision; doing it again changes nothing."""
    with unit_of_work() as work:
        at = _remove(work, answer_id, by_moderator=True)
    return {"at": at.isoformat()} if at else None


def restore(answer_id: AnswerId, ruling: Ruling) -> None:
    """Put back what a decision removed, unless the same recommendation has been given again meanwhile."""
    again = aliased(QuestionAnswer)
    given_again = exists().where(
        again.ask_id == QuestionAnswer.ask_id,
        again.recommendation_id == QuestionAnswer.recommendation_id,
        again.removed_at.is_(None),
    )
    with unit_of_work():
        db.session.execute(
            update(QuestionAnswer)
            .where(
                QuestionAnswer.id == answer_id,
                QuestionAnswer.removed_at == datetime.fromisoformat(ruling.taken["at"]),
                ~given_again,
            )
            .values(removed_at=None)
            .execution_options(synchronize_session=False)
        )


def thank_for(actor: MemberId, ask_id: QuestionId, answer_id: AnswerId) -> None:
    """The author says which answer helped most; another one later takes its place."""
    with unit_of_work() as work:
        row = own_question(actor, ask_id, open_only=False)
        answer = db.session.execute(
            select(QuestionAnswer.member_id, QuestionAnswer.recommendation_id, QuestionAnswer.thanked_at).where(
                QuestionAnswer.ask_id == ask_id, QuestionAnswer.id == answer_id, standing()
            )
        ).one_or_none()
        if answer is None:
            raise NotFound("This answer no longer exists.")
        if answer.thanked_at is not None:
            return
        _thank(ask_id, answer_id)
        work.record(
            AnswerThanked(
                ask_id=ask_id,
                recommendation_id=answer.recommendation_id,
                author_id=row.author_id,
                answerer_id=answer.member_id,
                answer_id=answer_id,
            )
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
        _join_doubles(row.old, row.new)
        db.session.execute(
            update(QuestionAnswer)
            .where(QuestionAnswer.recommendation_id == row.old)
            .values(recommendation_id=row.new)
            .execution_options(synchronize_session=False)
        )


def _join_doubles(old_id: RecommendationId, new_id_: RecommendationId) -> None:
    """Where both words answer one ask, one answer stays: words of its own keep the other, without the word."""
    old, here = aliased(QuestionAnswer), QuestionAnswer
    doubles = (
        select(old.id, old.ask_id, old.text, old.thanked_at, here.id.label("stays"))
        .join(here, here.ask_id == old.ask_id)
        .where(
            old.recommendation_id == old_id,
            here.recommendation_id == new_id_,
            old.removed_at.is_(None),
            here.removed_at.is_(None),
        )
    )
    for row in db.session.execute(doubles).all():
        if row.text:
            change: Any = update(QuestionAnswer).values(recommendation_id=None)
        else:
            change = delete(QuestionAnswer)
        db.session.execute(change.where(QuestionAnswer.id == row.id).execution_options(synchronize_session=False))
        if row.thanked_at is not None and not row.text:
            _thank(row.ask_id, row.stays)


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


def _give(
    work: UnitOfWork,
    actor: MemberId,
    author_id: MemberId,
    ask_id: QuestionId,
    words: str,
    recommendation_id: RecommendationId | None,
) -> AnswerId:
    """The ask is held, so nobody answers beside this; given once more, it is the answer that stands."""
    answer_id = AnswerId(new_id())
    there = _standing_with(ask_id, recommendation_id)
    if there is not None:
        if words and words != there.text:
            raise Conflict("You have already recommended this here. Edit that answer instead.", code="answered")
        return AnswerId(there.id)
    given = db.session.execute(
        select(
            func.count().label("all"), func.coalesce(func.sum(case((QuestionAnswer.member_id == actor, 1), else_=0)), 0)
        ).where(QuestionAnswer.ask_id == ask_id)
    ).one()
    if given[1] >= MAX_ANSWERS:
        raise Invalid("You have already given %(most)s answers here.", code="many_answers", most=MAX_ANSWERS)
    if given[0] >= MAX_ALL_ANSWERS:
        raise Conflict("This question has reached its limit. No more answers can be added.", code="full")
    db.session.execute(
        insert_into(QuestionAnswer).values(
            id=answer_id,
            ask_id=ask_id,
            member_id=actor,
            text=words,
            recommendation_id=recommendation_id,
            at=clock.now(),
        )
    )
    work.record(
        AskAnswered(
            ask_id=ask_id,
            recommendation_id=recommendation_id,
            author_id=author_id,
            answerer_id=actor,
            answer_id=answer_id,
        )
    )
    return answer_id


def _standing_with(ask_id: QuestionId, recommendation_id: RecommendationId | None) -> Row[Any] | None:
    if recommendation_id is None:
        return None
    query: Select[*tuple[Any, ...]] = select(QuestionAnswer.id, QuestionAnswer.text).where(
        QuestionAnswer.ask_id == ask_id,
        QuestionAnswer.recommendation_id == recommendation_id,
        QuestionAnswer.removed_at.is_(None),
    )
    return db.session.execute(query).one_or_none()


def _own_answer(actor: MemberId, answer_id: AnswerId) -> Row[Any]:
    """The actor's answer that stands, held until the commit."""
    require_active(actor)
    columns: tuple[Any, ...] = (
        QuestionAnswer.ask_id,
        QuestionAnswer.member_id,
        QuestionAnswer.text,
        QuestionAnswer.recommendation_id,
    )
    row = db.session.execute(
        select(*columns).where(QuestionAnswer.id == answer_id, QuestionAnswer.removed_at.is_(None)).with_for_update()
    ).one_or_none()
    if row is not None and row.member_id == actor:
        return row
    # Who may see it learns that it is somebody else's, everybody else nothing at all.
    seen = select(QuestionAnswer.id).where(QuestionAnswer.id == answer_id, answer_visible_to(actor))
    if db.session.scalar(seen) is None:
        raise NotFound("This answer no longer exists.")
    raise Forbidden("Only the author can do this.", code="not_yours")


def _thank(ask_id: QuestionId, answer_id: AnswerId) -> None:
    """The thanks go from one to the other in two steps: at no moment are there two."""
    of_ask = update(QuestionAnswer).where(QuestionAnswer.ask_id == ask_id)
    for change in (
        of_ask.where(QuestionAnswer.thanked_at.is_not(None)).values(thanked_at=None),
        of_ask.where(QuestionAnswer.id == answer_id).values(thanked_at=clock.now()),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))


def _remove(work: UnitOfWork, answer_id: AnswerId, *, by_moderator: bool) -> datetime | None:
    """Answers when, if it went now."""
    now = clock.now()
    row = db.session.execute(
        update(QuestionAnswer)
        .where(QuestionAnswer.id == answer_id, QuestionAnswer.removed_at.is_(None))
        .values(removed_at=now)
        .returning(QuestionAnswer.ask_id, QuestionAnswer.member_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    work.record(
        AnswerRemoved(answer_id=answer_id, ask_id=row.ask_id, answerer_id=row.member_id, by_moderator=by_moderator)
    )
    return now
