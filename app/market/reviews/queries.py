"""Reviews as others read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row, and_, exists, or_, select

from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import MemberId, OrderId, PhotoId, ReviewId, is_id
from app.kernel.pagination import decode_cursor, encode_cursor
from app.market.orders.values import Action, OrderDetail, Stage, Who
from app.market.reviews import rules
from app.market.reviews.models import Review, ReviewAnswer, ReviewPhoto, ReviewRecovery, ReviewVersion, ReviewWindow
from app.market.reviews.values import (
    AnswerView,
    Part,
    Praise,
    RecoveryView,
    Remedy,
    ReviewPhotoView,
    ReviewView,
    Score,
    Standing,
    VersionView,
)
from app.people.blocks.queries import visible_owner
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db
from app.platform.markup import render_markdown
from app.platform.photo_urls import photo_url
from app.platform.subjects import NOBODY, Condition, Looker
from app.trust.circle import queries as circles

KIND: Final = "review"
WINDOW: Final = 300  # so many of the latest are counted, and looked through for people whom the viewer knows
SHOWN: Final = 3


def visible_to(viewer: Looker) -> Condition:
    """Uncovered, not removed, of people who are here and in touch; until then only to its author."""
    looker = NOBODY if viewer is None else viewer
    uncovered = and_(
        Review.visible_at.is_not(None), visible_owner(Review.author_id, viewer), visible_owner(Review.about_id, viewer)
    )
    return and_(Review.removed_at.is_(None), or_(uncovered, Review.author_id == looker))


def shown_to(viewer: Looker) -> Condition:
    """What stands on others' pages: an author's own that is hidden still does not."""
    return and_(visible_to(viewer), Review.visible_at.is_not(None))


def answer_visible_to(viewer: Looker) -> Condition:
    """Not removed, of somebody who is here and in touch, and so is what it is said to."""
    said = exists().where(Review.id == ReviewAnswer.review_id, visible_to(viewer))
    return and_(ReviewAnswer.removed_at.is_(None), visible_owner(ReviewAnswer.author_id, viewer), said)


def get_review(viewer_id: MemberId | None, review_id: ReviewId) -> ReviewView:
    """One review; raises `NotFound`."""
    found = _views(viewer_id, db.session.execute(_rows().where(Review.id == review_id, visible_to(viewer_id))).all())
    if not found:
        raise NotFound("This review no longer exists.")
    return found[0]


def versions_of(review_id: ReviewId) -> list[VersionView]:
    """What it said before, the oldest first."""
    query = select(ReviewVersion).where(ReviewVersion.review_id == review_id).order_by(ReviewVersion.number)
    return [
        VersionView(stars=row.stars, text_html=render_markdown(row.text), at=row.at)
        for row in db.session.scalars(query)
    ]


def reviews_about(
    viewer_id: MemberId | None, about_id: MemberId, *, limit: int = 20, cursor: str | None = None
) -> tuple[list[ReviewView], str | None]:
    """A page of what is said of somebody, the newest first, and the cursor of the next."""
    query = _rows().where(Review.about_id == about_id, shown_to(viewer_id)).order_by(Review.id.desc()).limit(limit + 1)
    key = decode_cursor(cursor, str)
    if key is not None:
        query = query.where(Review.id < key[0])
    rows = db.session.execute(query).all()
    more = encode_cursor(rows[limit - 1].Review.id) if len(rows) > limit else None
    return _views(viewer_id, rows[:limit]), more


def praise_of(viewer_id: MemberId | None, about_id: MemberId, *, shown: int = SHOWN) -> Praise:
    """Counts of the latest reviews, and some of them: first of people whom the viewer knows, by how near they are."""
    query = (
        select(Review.id, Review.stars, Review.role, Review.author_id)
        .where(Review.about_id == about_id, shown_to(viewer_id))
        .order_by(Review.id.desc())
        .limit(WINDOW + 1)
    )
    rows = db.session.execute(query).all()
    latest = rows[:WINDOW]
    scores = {
        role: Score(counts=Counter(row.stars for row in latest if row.role == role.value), more=len(rows) > WINDOW)
        for role in (Who.BUYER, Who.SELLER)
    }
    known = circles.trails(viewer_id, {row.author_id for row in latest}) if viewer_id and latest else {}
    near = sorted((row for row in latest if row.author_id in known), key=lambda row: known[row.author_id].distance)
    rest = [row for row in latest if row.author_id not in known]
    ids = [row.id for row in (*near, *rest)][:shown]
    views = {one.id: one for one in _views(viewer_id, db.session.execute(_rows().where(Review.id.in_(ids))).all())}
    return Praise(
        about_id=about_id,
        selling=scores[Who.BUYER],
        buying=scores[Who.SELLER],
        shown=[views[one] for one in ids if one in views],
    )


def standing_of(viewer_id: MemberId, order: OrderDetail) -> Standing | None:
    """Where the two are with their reviews; None before the order is completed. One statement."""
    if order.card.stage is not Stage.COMPLETED:
        return None
    query = _rows().where(Review.order_id == order.card.id, visible_to(viewer_id))
    people = {one.id: one for one in (order.buyer, order.seller)}
    found = {row.Review.author_id: _view(row, people) for row in db.session.execute(query)}
    mine, theirs = found.get(viewer_id), found.get(order.card.other.id)
    closes_at = order.card.stage_at + rules.OPEN_FOR
    return Standing(
        order_id=order.card.id,
        mine=mine,
        theirs=theirs,
        may_write=Action.REVIEW.value in order.can,
        closes_at=closes_at if clock.now() < closes_at else None,
    )


def has_written(order_id: OrderId, author_id: MemberId) -> bool:
    """Whether this side has, whatever became of it."""
    query = select(Review.id).where(Review.order_id == order_id, Review.author_id == author_id)
    return db.session.scalar(query) is not None


def find_row(review_id: ReviewId, *, lock: bool = False) -> Review | None:
    """The row, whoever asks."""
    if not is_id(review_id):
        return None
    return db.session.get(Review, review_id, populate_existing=True, with_for_update=lock or None)


def find_window(order_id: OrderId, *, lock: bool = False) -> ReviewWindow | None:
    """The times of an order's reviews."""
    return db.session.get(ReviewWindow, order_id, populate_existing=True, with_for_update=lock or None)


def _rows() -> Any:
    found: Any = (
        select(Review, ReviewAnswer, ReviewRecovery)
        .outerjoin(ReviewAnswer, and_(ReviewAnswer.review_id == Review.id, ReviewAnswer.removed_at.is_(None)))
        .outerjoin(ReviewRecovery, ReviewRecovery.review_id == Review.id)
    )
    return found


def _views(viewer_id: MemberId | None, rows: Sequence[Row[Any]]) -> list[ReviewView]:
    if not rows:
        return []
    people = cards({ident for row in rows for ident in (row.Review.author_id, row.Review.about_id)})
    shots = _photos_of([row.Review.id for row in rows])
    authors = {row.Review.author_id for row in rows} - {viewer_id}
    trails = circles.trails(viewer_id, authors) if viewer_id and authors else {}
    return [
        replace(_view(row, people), photos=shots.get(row.Review.id, ()), trail=trails.get(row.Review.author_id))
        for row in rows
    ]


def _view(row: Row[Any], people: Mapping[MemberId, MemberCard]) -> ReviewView:
    said, answer, recovery = row.Review, row.ReviewAnswer, row.ReviewRecovery
    return ReviewView(
        id=said.id,
        order_id=said.order_id,
        author=people[said.author_id],
        about=people[said.about_id],
        role=Who(said.role),
        stars=said.stars,
        parts={part: getattr(said, part.value) for part in Part if getattr(said, part.value) is not None},
        text=said.text,
        text_html=render_markdown(said.text),
        at=said.written_at,
        visible_at=said.visible_at,
        updated_at=said.updated_at,
        answer=answer and AnswerView(text_html=render_markdown(answer.text), at=answer.created_at),
        recovery=recovery
        and RecoveryView(
            remedy=Remedy(recovery.remedy),
            text=recovery.text,
            offered_at=recovery.offered_at,
            done_at=recovery.done_at,
            updated_at=recovery.updated_at,
        ),
    )


def _photos_of(ids: Sequence[ReviewId]) -> dict[ReviewId, tuple[ReviewPhotoView, ...]]:
    found: dict[ReviewId, tuple[ReviewPhotoView, ...]] = {}
    query = select(ReviewPhoto).where(ReviewPhoto.review_id.in_(ids)).order_by(ReviewPhoto.position)
    for row in db.session.scalars(query):
        shot = ReviewPhotoView(
            id=PhotoId(row.photo_id), thumb=photo_url(row.photo_id, "thumb"), full=photo_url(row.photo_id, "full")
        )
        found[row.review_id] = (*found.get(row.review_id, ()), shot)
    return found
