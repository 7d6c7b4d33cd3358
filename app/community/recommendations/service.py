"""Saying what one thinks of a thing, changing it, taking it back; and what others make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from app.community.commercial_ties.queries import tie_to
from app.community.items.queries import canonical_id
from app.community.purchases.queries import has_bought
from app.community.recommendations import rules
from app.community.recommendations.events import (
    RecommendationGiven,
    RecommendationHelped,
    RecommendationRemoved,
)
from app.community.recommendations.models import (
    HelpfulVote,
    Recommendation,
    RecommendationPhoto,
    RecommendationRevision,
    SavedRecommendation,
)
from app.community.recommendations.rows import visible_to
from app.community.recommendations.values import (
    MAX_ALT_LENGTH,
    MAX_TEXT_LENGTH,
    OWN_SCALE,
    Disclosure,
    RecommendationPhotoView,
    Stance,
)
from app.community.subject_items.queries import describe, find_subject
from app.community.subject_items.service import item_for
from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.ids import ItemId, MemberId, RecommendationId, new_id
from app.kernel.subjects import Subject
from app.people.accounts.queries import require_active
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.files import attach_photos, forget_photos
from app.platform.markup import clean_line, clean_text
from app.platform.sql import insert_into, insert_or_ignore
from app.platform.subjects import NOBODY

_KEPT = ("stance", "rating", "rating_high", "text", "disclosure")


def recommend(
    actor: MemberId,
    item_id: ItemId,
    stance: str,
    *,
    text: str | None = None,
    rating: float | None = None,
    disclosure: str = Disclosure.NONE,
    photos: Sequence[RecommendationPhotoView] | None = None,
) -> RecommendationId:
    """The member's word on an item, in place of an earlier one; answers its id.

    `rating` is from 1 to 5; `photos` are stored ones of the actor, None leaves them as they are.
    What was said before stays readable as a revision. Raises `Invalid`, `NotFound` or `Forbidden`.
    """
    values = _checked(stance, text, rating, disclosure)
    with unit_of_work() as work:
        require_active(actor)
        # The item may have been merged into another one meanwhile.
        item_id = canonical_id(item_id)
        subject = find_subject(item_id)
        owner_id = describe(subject, actor).owner_id if subject is not None else None
        return _give(work, actor, item_id, values, photos, owner_id)


def change_recommendation(
    actor: MemberId,
    recommendation_id: RecommendationId,
    changes: Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> None:
    """Some of `stance`, `text`, `rating`, `disclosure` and `photos`; the others stay as they are at this moment.

    A function gets all of them as they are now, held until the commit.
    """
    with unit_of_work():
        require_author(actor, recommendation_id)
        now = db.session.execute(
            select(
                Recommendation.item_id,
                Recommendation.stance,
                Recommendation.text,
                Recommendation.rating,
                Recommendation.disclosure,
            )
            .where(Recommendation.id == recommendation_id)
            .with_for_update()
        ).one()
        values = now._asdict()
        item_id = values.pop("item_id")
        if callable(changes):
            changes = changes({**values, "photos": photos_of(recommendation_id)})
        recommend(actor, item_id, **{**values, **changes})


def recommend_subject(
    actor: MemberId,
    subject: Subject,
    stance: str,
    *,
    text: str | None = None,
    rating: float | None = None,
    disclosure: str = Disclosure.NONE,
    photos: Sequence[RecommendationPhotoView] | None = None,
) -> RecommendationId:
    """Say a word on a listing or a store, through the item that stands for it."""
    values = _checked(stance, text, rating, disclosure)
    with unit_of_work() as work:
        require_active(actor)
        thing = describe(subject, actor)
        return _give(work, actor, item_for(subject, thing), values, photos, thing.owner_id)


def add_photos(actor: MemberId, recommendation_id: RecommendationId, photos: Sequence[RecommendationPhotoView]) -> None:
    """Put further photos behind those that are there."""
    with unit_of_work():
        require_author(actor, recommendation_id)
        _set_photos(actor, recommendation_id, [*photos_of(recommendation_id), *photos])


def photos_of(recommendation_id: RecommendationId) -> list[RecommendationPhotoView]:
    photo = RecommendationPhoto
    there = select(photo.photo_id, photo.alt).where(photo.recommendation_id == recommendation_id)
    rows = db.session.execute(there.order_by(photo.position))
    return [RecommendationPhotoView(row.photo_id, row.alt) for row in rows]


def require_author(actor: MemberId, recommendation_id: RecommendationId) -> None:
    """Raises `NotFound` or `Forbidden`, also before photos are decoded for it."""
    require_active(actor)
    if _visible(actor, recommendation_id).member_id != actor:
        raise Forbidden("Only the author can edit a recommendation.", code="not_yours")


def take_back(actor: MemberId, recommendation_id: RecommendationId) -> None:
    """The author removes it; raises `NotFound` or `Forbidden`."""
    with unit_of_work() as work:
        require_author(actor, recommendation_id)
        end_recommendation(work, recommendation_id, by_moderator=False)


def set_helpful(actor: MemberId, recommendation_id: RecommendationId, *, helpful: bool) -> int:
    """One vote of each member, or none; answers how many there are now."""
    with unit_of_work() as work:
        require_active(actor)
        author = _visible(actor, recommendation_id).member_id
        if author == actor:
            raise Forbidden("You can’t mark your own recommendation as helpful.", code="own_self")
        if not (_vote if helpful else _unvote)(recommendation_id, actor):
            return _helpful_count(recommendation_id)
        # The row decided that this changes something; the counter moves with it, never beside it.
        count = db.session.execute(
            update(Recommendation)
            .where(Recommendation.id == recommendation_id)
            .values(helpful_count=Recommendation.helpful_count + (1 if helpful else -1))
            .returning(Recommendation.helpful_count)
        ).scalar_one()
        if helpful:
            work.record(RecommendationHelped(recommendation_id=recommendation_id, author_id=author, member_id=actor))
        return int(count)


def save_recommendation(actor: MemberId, recommendation_id: RecommendationId, *, keep: bool) -> None:
    """Keep it to find it again, or let it go; the same again changes nothing."""
    with unit_of_work():
        require_active(actor)
        if keep:
            _visible(actor, recommendation_id)
            row = {"member_id": actor, "recommendation_id": recommendation_id, "saved_at": clock.now()}
            insert_or_ignore(SavedRecommendation, row)
            return
        db.session.execute(
            delete(SavedRecommendation).where(
                SavedRecommendation.member_id == actor,
                SavedRecommendation.recommendation_id == recommendation_id,
            )
        )


def mark_purchase(member_id: MemberId, item_id: ItemId) -> None:
    """What the member says of the item is marked as evidence stands now."""
    with unit_of_work():
        bought = has_bought(member_id, item_id)
        db.session.execute(
            update(Recommendation)
            .where(
                Recommendation.member_id == member_id,
                Recommendation.item_id == item_id,
                Recommendation.verified_purchase.is_not(bought),
            )
            .values(verified_purchase=bought)
        )


def count_comments(recommendation_id: RecommendationId, by: int) -> None:
    """A comment came or went, in the caller's unit of work."""
    this = update(Recommendation).where(Recommendation.id == recommendation_id)
    with unit_of_work():
        db.session.execute(this.values(comment_count=Recommendation.comment_count + by))


def _checked(stance: str, text: str | None, rating: float | None, disclosure: str) -> dict[str, Any]:
    if stance not in set(Stance):
        raise Invalid("Choose Yes, Neutral or No.", code="bad_stance")
    if disclosure not in set(Disclosure):
        raise Invalid("Choose whether you were paid or given anything.", code="bad_disclosure")
    if not rules.rating_fits(rating):
        raise Invalid("Choose a rating from 1 to 5.", code="bad_rating")
    low, high = OWN_SCALE
    return {
        "stance": stance,
        "rating": rating,
        "rating_low": None if rating is None else low,
        "rating_high": None if rating is None else high,
        "text": clean_text(text or "", MAX_TEXT_LENGTH),
        "disclosure": disclosure,
    }


def _give(
    work: UnitOfWork,
    actor: MemberId,
    item_id: ItemId,
    values: dict[str, Any],
    photos: Sequence[RecommendationPhotoView] | None,
    owner_id: MemberId | None,
) -> RecommendationId:
    _require_honest(actor, item_id, values["disclosure"], owner_id)
    ident = _write(actor, item_id, values)
    if photos is not None:
        _set_photos(actor, ident, photos)
    stance = values["stance"]
    work.record(RecommendationGiven(recommendation_id=ident, item_id=item_id, member_id=actor, stance=stance))
    return ident


def _require_honest(actor: MemberId, item_id: ItemId, disclosure: str, owner_id: MemberId | None) -> None:
    if owner_id == actor:
        raise Invalid("You can’t recommend something of your own.", code="own_self")
    tied = tie_to(actor, item_id) is not None
    if rules.must_disclose(disclosure, tied=tied):
        raise Invalid(
            "You work with a store that sells this. Choose whether you were paid or given anything.",
            code="disclosure_required",
        )


def _write(actor: MemberId, item_id: ItemId, values: dict[str, Any]) -> RecommendationId:
    """One row for each pair: of two first words at once one is written, the other changes it."""
    now = clock.now()
    made: RecommendationId | None = db.session.scalar(
        insert_into(Recommendation)
        .values(
            id=new_id(),
            item_id=item_id,
            member_id=actor,
            verified_purchase=has_bought(actor, item_id),
            created_at=now,
            updated_at=now,
            **values,
        )
        .on_conflict_do_nothing(index_elements=["item_id", "member_id"])
        .returning(Recommendation.id)
    )
    if made is not None:
        return made
    old = db.session.execute(
        select(
            Recommendation.id,
            Recommendation.updated_at,
            Recommendation.removed_at,
            Recommendation.removed_by_moderator,
            Recommendation.revision_count,
            *(getattr(Recommendation, name) for name in _KEPT),
        )
        .where(Recommendation.item_id == item_id, Recommendation.member_id == actor)
        .with_for_update()
    ).one()
    changed = any(getattr(old, name) != values[name] for name in _KEPT)
    if not changed and old.removed_at is None:
        return RecommendationId(old.id)
    revisions = _remember(old, changed=changed)
    db.session.execute(
        update(Recommendation)
        .where(Recommendation.id == old.id)
        .values(
            updated_at=now,
            removed_at=None,
            removed_by_moderator=False,
            revision_count=revisions,
            **values,
        )
    )
    return RecommendationId(old.id)


def _remember(old: Row[Any], *, changed: bool) -> int:
    """Keep the earlier words; what a moderator removed is not brought back by saying it anew."""
    if old.removed_by_moderator:
        gone = RecommendationRevision.recommendation_id == old.id
        db.session.execute(delete(RecommendationRevision).where(gone))
        _set_photos(NOBODY, old.id, [])
        return 0
    if not changed:
        return int(old.revision_count)
    number = int(old.revision_count) + 1
    kept = {name: getattr(old, name) for name in _KEPT}
    db.session.execute(
        insert(RecommendationRevision).values(recommendation_id=old.id, number=number, said_at=old.updated_at, **kept)
    )
    return number


def _set_photos(
    actor: MemberId, recommendation_id: RecommendationId, photos: Sequence[RecommendationPhotoView]
) -> None:
    """Photos that are left out are forgotten, their files are swept later."""
    wanted = {one.id: clean_line(one.alt, MAX_ALT_LENGTH) for one in photos}
    rules.check_photo_count(len(wanted))
    attach_photos(actor, wanted, Subject("recommendation", recommendation_id))
    mine = RecommendationPhoto.recommendation_id == recommendation_id
    before = set(db.session.scalars(select(RecommendationPhoto.photo_id).where(mine)))
    db.session.execute(delete(RecommendationPhoto).where(mine))
    if before - set(wanted):
        forget_photos(before - set(wanted))
    if wanted:
        db.session.execute(
            insert(RecommendationPhoto),
            [
                {"recommendation_id": recommendation_id, "photo_id": one, "position": place, "alt": alt}
                for place, (one, alt) in enumerate(wanted.items())
            ],
        )


def _vote(recommendation_id: RecommendationId, member_id: MemberId) -> bool:
    row = {"recommendation_id": recommendation_id, "member_id": member_id, "at": clock.now()}
    return insert_or_ignore(HelpfulVote, row) > 0


def _unvote(recommendation_id: RecommendationId, member_id: MemberId) -> bool:
    statement = delete(HelpfulVote).where(
        HelpfulVote.recommendation_id == recommendation_id, HelpfulVote.member_id == member_id
    )
    return db.session.execute(statement.returning(HelpfulVote.member_id)).scalar() is not None


def _helpful_count(recommendation_id: RecommendationId) -> int:
    votes = select(func.count()).where(HelpfulVote.recommendation_id == recommendation_id)
    return db.session.scalar(votes) or 0


def _visible(actor: MemberId, recommendation_id: RecommendationId) -> Row[int, str]:
    row = db.session.execute(
        select(Recommendation.member_id, Recommendation.item_id).where(
            Recommendation.id == recommendation_id, visible_to(actor)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("This recommendation no longer exists.")
    return row


def end_recommendation(work: UnitOfWork, recommendation_id: RecommendationId, *, by_moderator: bool) -> datetime | None:
    """Take it from everywhere, in the caller's unit of work; answers when, if it went now."""
    now = clock.now()
    row = db.session.execute(
        update(Recommendation)
        .where(Recommendation.id == recommendation_id, Recommendation.removed_at.is_(None))
        .values(removed_at=now, removed_by_moderator=by_moderator)
        .returning(Recommendation.item_id, Recommendation.member_id)
    ).one_or_none()
    if row is None:
        return None
    work.record(
        RecommendationRemoved(recommendation_id=recommendation_id, item_id=row.item_id, member_id=row.member_id)
    )
    return now
