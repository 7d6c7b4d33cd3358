"""What becomes of a review: an answer, an offer to put it right, and saying it anew afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import MemberId, ReviewId
from app.market.orders.values import Who
from app.market.reviews import rules
from app.market.reviews.events import RecoveryDone, RecoveryOffered, ReviewAnswered, ReviewUpdated
from app.market.reviews.models import Review, ReviewAnswer, ReviewRecovery, ReviewVersion
from app.market.reviews.queries import find_row, visible_to
from app.market.reviews.values import (
    MAX_ANSWER_LENGTH,
    MAX_OFFER_LENGTH,
    MAX_TEXT_LENGTH,
    Part,
    Remedy,
    ReviewDraft,
)
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work
from app.platform.markup import clean_text
from app.platform.sql import insert_or_ignore, transition
from app.platform.subjects import Ruling, Taken


def answer_review(actor: MemberId, review_id: ReviewId, text: str) -> None:
    """The reviewed person says something to it, once; everybody reads it below the review."""
    said = _wanted(text, MAX_ANSWER_LENGTH)
    with unit_of_work() as unit:
        row = _about_me(actor, review_id)
        made = {"review_id": review_id, "author_id": actor, "text": said, "created_at": clock.now()}
        if not insert_or_ignore(ReviewAnswer, made, keys=["review_id"]):
            raise Conflict("You have already replied to this review.", code="answered")
        unit.record(ReviewAnswered(review_id=review_id, author_id=row.author_id, about_id=actor))


def remove_answer(review_id: ReviewId, _ruling: Ruling) -> Taken | None:
    """Remove the answer after a moderator's decision; doing it again changes nothing."""
    now = clock.now()
    with unit_of_work():
        if not transition(ReviewAnswer, {"review_id": review_id, "removed_at": None}, {"removed_at": now}):
            return None
    return {"at": now.isoformat()}


def restore_answer(review_id: ReviewId, ruling: Ruling) -> None:
    """Put back what a decision removed."""
    there = {"review_id": review_id, "removed_at": datetime.fromisoformat(ruling.taken["at"])}
    with unit_of_work():
        transition(ReviewAnswer, there, {"removed_at": None})


def offer_recovery(actor: MemberId, review_id: ReviewId, remedy: str, text: str) -> None:
    """The seller offers the unhappy buyer to put it right, once."""
    try:
        way = Remedy(remedy)
    except ValueError as problem:
        raise Invalid("Choose how you want to put it right.", code="bad_remedy") from problem
    said = _wanted(text, MAX_OFFER_LENGTH)
    with unit_of_work() as unit:
        row = _about_me(actor, review_id)
        rules.check_recoverable(row.stars, Who(row.role))
        made = {
            "review_id": review_id,
            "member_id": actor,
            "remedy": way.value,
            "text": said,
            "offered_at": clock.now(),
        }
        if not insert_or_ignore(ReviewRecovery, made, keys=["review_id"]):
            raise Conflict("You have already offered this.", code="offered")
        unit.record(RecoveryOffered(review_id=review_id, author_id=row.author_id, about_id=actor))


def finish_recovery(actor: MemberId, review_id: ReviewId) -> None:
    """The seller says that it is put right: the author is asked, and may say it anew."""
    with unit_of_work() as unit:
        row = _about_me(actor, review_id)
        if not transition(ReviewRecovery, {"review_id": review_id, "done_at": None}, {"done_at": clock.now()}):
            raise Conflict("Offer to put it right first. You can do it once.", code="not_now")
        unit.record(RecoveryDone(review_id=review_id, author_id=row.author_id, about_id=actor))


def update_review(actor: MemberId, review_id: ReviewId, draft: ReviewDraft) -> None:
    """The author says it anew after it was put right, once. What they said before stays in the history.

    The details spoke of before and go.
    """
    rules.check_draft(draft, ())
    with unit_of_work() as unit:
        require_active(actor)
        row = find_row(review_id, lock=True)
        if row is None or row.author_id != actor or row.removed_at is not None:
            raise NotFound("This review no longer exists.")
        now = clock.now()
        put_right = select(ReviewRecovery.done_at).where(ReviewRecovery.review_id == review_id)
        if db.session.scalar(put_right) is None or not transition(
            ReviewRecovery, {"review_id": review_id, "updated_at": None}, {"updated_at": now}
        ):
            raise Conflict("You can change a review once the other side has put something right.", code="not_now")
        before = select(func.count()).where(ReviewVersion.review_id == review_id)
        db.session.add(
            ReviewVersion(
                review_id=review_id,
                number=(db.session.scalar(before) or 0) + 1,
                stars=row.stars,
                text=row.text,
                at=row.updated_at or row.written_at,
            )
        )
        said = {"stars": draft.stars, "text": clean_text(draft.text, MAX_TEXT_LENGTH), "updated_at": now}
        transition(Review, {"id": review_id}, {**said, **dict.fromkeys((part.value for part in Part), None)})
        unit.record(
            ReviewUpdated(
                review_id=review_id,
                order_id=row.order_id,
                author_id=actor,
                about_id=row.about_id,
                stars=draft.stars,
            )
        )


def _about_me(actor: MemberId, review_id: ReviewId) -> Review:
    require_active(actor)
    seen = select(Review).where(Review.id == review_id, visible_to(actor), Review.visible_at.is_not(None))
    row = db.session.scalars(seen).one_or_none()
    if row is None:
        raise NotFound("This review no longer exists.")
    if row.about_id != actor:
        raise Forbidden("Only the person who was reviewed can do this.", code="not_yours")
    return row


def _wanted(text: str, most: int) -> str:
    said = clean_text(text, most)
    if not said:
        raise Invalid("Write something first.", code="empty_text")
    return said
