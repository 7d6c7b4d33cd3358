"""What points at an item, or at what somebody said of it, comes along when the item is merged.

Which tables these are is held by a test against every foreign key. Wings above hear of `ItemsMerged`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from app.community.comments.models import Comment
from app.community.commercial_ties.models import ItemParty
from app.community.items.models import Item
from app.community.purchases.models import PurchaseEvidence
from app.community.questions import answering
from app.community.recommendations.models import (
    HelpfulVote,
    Recommendation,
    RecommendationPhoto,
    RecommendationRevision,
    SavedRecommendation,
)
from app.community.recommendations.service import mark_purchase
from app.kernel.clock import clock
from app.kernel.ids import ItemId, RecommendationId, new_id
from app.kernel.subjects import Subject
from app.platform.database import db
from app.platform.files import move_photos

_other = aliased(Recommendation)
_SAID = ("stance", "rating", "rating_high", "text", "disclosure")


def move_all(gone_id: ItemId, kept_id: ItemId) -> None:
    """Inside the unit of work of the merge."""
    _move_recommendations(gone_id, kept_id)
    for old, new in _history(gone_id, kept_id):
        _remember(old, new)
        _move(Comment, old.id, new.id)
        _move(HelpfulVote, old.id, new.id, among="member_id")
        _move(SavedRecommendation, old.id, new.id, among="member_id")
        _count_again(old.id)
        _count_again(new.id)
    answering.follow_merge(gone_id, kept_id)
    _move_parties(gone_id, kept_id)
    _move_evidence(gone_id, kept_id)


def _move_recommendations(gone_id: ItemId, kept_id: ItemId) -> None:
    """A member's only word moves. Of two the newer stands, the older stays with the old entry as history."""
    newer_is_moving = exists().where(
        _other.item_id == gone_id,
        _other.member_id == Recommendation.member_id,
        _other.removed_at.is_(None),
        or_(Recommendation.removed_at.is_not(None), _other.updated_at > Recommendation.updated_at),
    )
    stays_behind = exists().where(_other.item_id == kept_id, _other.member_id == Recommendation.member_id)
    # The pair (item, member) is unique at every moment, so those that change places wait aside.
    aside, now = new_id(), clock.now()
    db.session.execute(
        insert(Item).values(id=aside, title="", category="", description="", created_at=now, removed_at=now)
    )
    steps = (
        (and_(Recommendation.item_id == kept_id, newer_is_moving), aside),
        (and_(Recommendation.item_id == gone_id, ~stays_behind), kept_id),
        (Recommendation.item_id == aside, gone_id),
    )
    for which, target in steps:
        db.session.execute(
            update(Recommendation).where(which).values(item_id=target).execution_options(synchronize_session=False)
        )
    db.session.execute(delete(Item).where(Item.id == aside))


def _history(gone_id: ItemId, kept_id: ItemId) -> list[tuple[Row[Any], Row[Any]]]:
    """(what stayed behind, what stands) of every member who had spoken on both."""
    columns = [getattr(Recommendation, name) for name in ("id", "member_id", "updated_at", "removed_at", *_SAID)]
    behind = db.session.execute(select(*columns).where(Recommendation.item_id == gone_id)).all()
    people = [row.member_id for row in behind]
    standing = {
        row.member_id: row
        for row in db.session.execute(
            select(*columns).where(Recommendation.item_id == kept_id, Recommendation.member_id.in_(people))
        )
    }
    return [(row, standing[row.member_id]) for row in behind if row.member_id in standing]


def _remember(old: Row[Any], new: Row[Any]) -> None:
    """The older words are read as an earlier version of the newer ones, unless they were taken back."""
    if old.removed_at is not None:
        return
    table = RecommendationRevision
    columns = [getattr(table, name) for name in (*_SAID, "said_at")]
    both = table.recommendation_id.in_([old.id, new.id])
    before = [row._asdict() for row in db.session.execute(select(*columns).where(both))]
    before.append({"said_at": old.updated_at, **{name: getattr(old, name) for name in _SAID}})
    before.sort(key=lambda one: one["said_at"])
    db.session.execute(delete(table).where(both))
    db.session.execute(
        insert(table),
        [{"recommendation_id": new.id, "number": number, **one} for number, one in enumerate(before, start=1)],
    )
    shown = select(RecommendationPhoto.photo_id).where(RecommendationPhoto.recommendation_id == new.id)
    if db.session.scalar(shown.limit(1)) is None:
        _move(RecommendationPhoto, old.id, new.id)
        move_photos(db.session.scalars(shown), Subject("recommendation", new.id))


def _move(table: Any, old_id: ItemId, new_id_: str, among: str | None = None) -> None:
    """Rows of one word to another; `among` names the column that may be there once only."""
    mine = table.recommendation_id == old_id
    if among is not None:
        column = getattr(table, among)
        there = select(column).where(table.recommendation_id == new_id_)
        db.session.execute(delete(table).where(mine, column.in_(there)).execution_options(synchronize_session=False))
    db.session.execute(
        update(table).where(mine).values(recommendation_id=new_id_).execution_options(synchronize_session=False)
    )


def _count_again(recommendation_id: RecommendationId) -> None:
    def how_many(table: Any, *where: Any) -> Any:
        return (
            select(func.count())
            .select_from(table)
            .where(table.recommendation_id == recommendation_id, *where)
            .scalar_subquery()
        )

    db.session.execute(
        update(Recommendation)
        .where(Recommendation.id == recommendation_id)
        .values(
            helpful_count=how_many(HelpfulVote),
            comment_count=how_many(Comment, Comment.removed_at.is_(None)),
            revision_count=how_many(RecommendationRevision),
        )
        .execution_options(synchronize_session=False)
    )


def _move_parties(gone_id: ItemId, kept_id: ItemId) -> None:
    """Who sells the one sells the other, so disclosure is asked for there."""
    here = aliased(ItemParty)
    there = exists().where(
        here.item_id == kept_id,
        here.party_kind == ItemParty.party_kind,
        here.party_id == ItemParty.party_id,
    )
    mine = ItemParty.item_id == gone_id
    for statement in (update(ItemParty).where(mine, ~there).values(item_id=kept_id), delete(ItemParty).where(mine)):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _move_evidence(gone_id: ItemId, kept_id: ItemId) -> None:
    """A purchase of the one is a purchase of the other; the mark on what was said follows."""
    here = aliased(PurchaseEvidence)
    there = exists().where(
        here.item_id == kept_id,
        here.member_id == PurchaseEvidence.member_id,
        here.occasion == PurchaseEvidence.occasion,
    )
    buyers = set(
        db.session.scalars(select(PurchaseEvidence.member_id).where(PurchaseEvidence.item_id.in_([gone_id, kept_id])))
    )
    db.session.execute(
        update(PurchaseEvidence)
        .where(PurchaseEvidence.item_id == gone_id, ~there)
        .values(item_id=kept_id)
        .execution_options(synchronize_session=False)
    )
    for member_id in sorted(buyers):
        mark_purchase(member_id, kept_id)
