"""Writing reviews, uncovering them, and what the clock does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from app.kernel.clock import clock
from app.kernel.errors import Conflict
from app.kernel.ids import MemberId, OrderId, PhotoId, ReviewId, new_id
from app.kernel.subjects import Subject
from app.market.orders.models import Order
from app.market.orders.queries import find_row as find_order
from app.market.orders.queries import get_row as get_order
from app.market.orders.queries import role_of
from app.market.orders.service import reviewed_within
from app.market.orders.values import Delivery, Stage, Who
from app.market.reviews import rules
from app.market.reviews.events import (
    ReviewReminder,
    ReviewRemoved,
    ReviewUncovered,
    ReviewWritten,
    SatisfactionAsked,
)
from app.market.reviews.models import Review, ReviewPhoto, ReviewWindow
from app.market.reviews.queries import KIND, find_window, has_written
from app.market.reviews.values import MAX_NOTE_LENGTH, MAX_TEXT_LENGTH, ReviewDraft, Time
from app.people.accounts.queries import require_active
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.files import attach_photos
from app.platform.markup import clean_text
from app.platform.sql import insert_or_ignore, transition, transitioned
from app.platform.subjects import Ruling, Taken

AT_ONCE = 200
SIDES = 2


def write_review(actor: MemberId, order_id: OrderId, draft: ReviewDraft, photo_ids: Sequence[PhotoId] = ()) -> ReviewId:
    """One of the two reviews the other, once; the second of them uncovers both.

    `photo_ids` are stored photos of the actor. Raises `Invalid`, `NotFound` or `Conflict`.
    """
    rules.check_photo_count(len(photo_ids))
    with unit_of_work() as unit:
        require_active(actor)
        order = get_order(actor, order_id, lock=True)
        role = role_of(order, actor)
        parts = rules.check_draft(draft, rules.parts_for(role, Delivery(order.delivery)))
        now = clock.now()
        rules.check_open(Stage(order.stage), order.stage_at, now)
        _open_window(order)
        about = order.seller_id if role is Who.BUYER else order.buyer_id
        review_id = ReviewId(new_id())
        said = {
            "id": review_id,
            "order_id": order_id,
            "author_id": actor,
            "about_id": about,
            "role": role.value,
            "stars": draft.stars,
            **parts,
            "text": clean_text(draft.text, MAX_TEXT_LENGTH),
            "note": clean_text(draft.note, MAX_NOTE_LENGTH),
            "written_at": now,
        }
        if not insert_or_ignore(Review, said, keys=["order_id", "author_id"]):
            raise Conflict("You have already reviewed this order.", code="already_reviewed")
        _attach(actor, review_id, photo_ids)
        unit.record(ReviewWritten(review_id=review_id, order_id=order_id, author_id=actor, about_id=about))
        # Of two who write at the same moment the second waits here for the first, and finds that both have written.
        there = {"order_id": order_id, "uncovered_at": None}
        counted = transitioned(ReviewWindow, there, {"wrote": ReviewWindow.wrote + 1}, ReviewWindow.wrote)
        if counted is None:
            raise rules.closed()
        if counted.wrote == SIDES:
            uncover_within(order_id)
        reviewed_within(order_id, role)
    return review_id


def open_window_within(order_id: OrderId) -> None:
    """The order is completed: from now on the two can review each other. A second time changes nothing."""
    with unit_of_work():
        order = find_order(order_id)
        if order is not None and order.stage == Stage.COMPLETED:
            _open_window(order)


def uncover_within(order_id: OrderId) -> bool:
    """Everybody can read them from now on. Once, whether by the second review or by the clock: else False."""
    now = clock.now()
    with unit_of_work() as unit:
        if not transition(ReviewWindow, {"order_id": order_id, "uncovered_at": None}, {"uncovered_at": now}):
            return False
        shown = (
            update(Review)
            .where(Review.order_id == order_id, Review.visible_at.is_(None))
            .values(visible_at=now)
            .returning(Review.id, Review.author_id, Review.about_id, Review.stars, Review.removed_at)
            .execution_options(synchronize_session=False)
        )
        for row in sorted(db.session.execute(shown).all(), key=lambda one: one.id):
            if row.removed_at is None:
                unit.record(
                    ReviewUncovered(
                        review_id=row.id,
                        order_id=order_id,
                        author_id=row.author_id,
                        about_id=row.about_id,
                        stars=row.stars,
                    )
                )
    return True


def pass_time() -> int:
    """Do what is due by the clock, each order in a transaction of its own; answers how many."""
    now = clock.now()
    query = select(ReviewWindow.order_id).where(ReviewWindow.next_at <= now).order_by(ReviewWindow.next_at)
    ids: list[OrderId] = list(db.session.scalars(query.limit(AT_ONCE)))
    for order_id in ids:
        with unit_of_work() as unit:
            _pass(unit, order_id, now)
    return len(ids)


def remove(review_id: ReviewId, _ruling: Ruling) -> Taken | None:
    """Remove it after a moderator's decision; doing it again changes nothing."""
    now = clock.now()
    with unit_of_work() as unit:
        row = transitioned(
            Review, {"id": review_id, "removed_at": None}, {"removed_at": now}, Review.author_id, Review.about_id
        )
        if row is None:
            return None
        unit.record(ReviewRemoved(review_id=review_id, author_id=row.author_id, about_id=row.about_id))
    return {"at": now.isoformat()}


def restore(review_id: ReviewId, ruling: Ruling) -> None:
    """Put back what a decision removed."""
    with unit_of_work():
        transition(
            Review, {"id": review_id, "removed_at": datetime.fromisoformat(ruling.taken["at"])}, {"removed_at": None}
        )


def _open_window(order: Order) -> None:
    row = {
        "order_id": order.id,
        "opened_at": order.stage_at,
        "wrote": 0,
        "done": 0,
        "next_at": rules.next_at(order.stage_at, 0),
    }
    insert_or_ignore(ReviewWindow, row, keys=["order_id"])


def _pass(unit: UnitOfWork, order_id: OrderId, now: datetime) -> None:
    window = find_window(order_id, lock=True)
    order = find_order(order_id)
    if window is None or order is None or window.next_at is None or window.next_at > now:
        return
    time = rules.time_at(window.done)
    done = window.done + 1
    moved = {"done": done, "next_at": rules.next_at(window.opened_at, done)}
    if time is None or not transition(ReviewWindow, {"order_id": order_id, "done": window.done}, moved):
        return
    match time:
        case Time.UNCOVER:
            uncover_within(order_id)
        case Time.HAPPY:
            unit.record(SatisfactionAsked(order_id=order_id, buyer_id=order.buyer_id, seller_id=order.seller_id))
        case _:
            for event in _reminders(order, time):
                unit.record(event)


def _reminders(order: Order, time: Time) -> Iterable[ReviewReminder]:
    for member_id, other_id in ((order.buyer_id, order.seller_id), (order.seller_id, order.buyer_id)):
        if not has_written(order.id, member_id):
            yield ReviewReminder(order_id=order.id, member_id=member_id, other_id=other_id, days=rules.days_left(time))


def _attach(actor: MemberId, review_id: ReviewId, photo_ids: Sequence[PhotoId]) -> None:
    wanted = list(dict.fromkeys(photo_ids))
    if not wanted:
        return
    attach_photos(actor, wanted, Subject(KIND, review_id))
    rows = [{"review_id": review_id, "photo_id": one, "position": place} for place, one in enumerate(wanted)]
    db.session.execute(insert(ReviewPhoto), rows)
