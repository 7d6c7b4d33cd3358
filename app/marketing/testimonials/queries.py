"""Reads of quotes: what may be shown, what is asked of a member, what a store has asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, exists, or_, select

from app.community.commercial_ties.models import ItemParty
from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.community.recommendations.queries import recommendation_rows, said
from app.community.recommendations.rows import spoken_to
from app.community.recommendations.values import RecommendationView, Stance
from app.kernel.errors import NotFound
from app.kernel.ids import MemberId, RecommendationId, StoreId, TestimonialId
from app.marketing.testimonials.models import Testimonial
from app.marketing.testimonials.rules import is_changed
from app.marketing.testimonials.values import Quote, QuoteStatus
from app.merchants.stores.models import Product, Store
from app.people.accounts.models import Member
from app.people.profiles.queries import card_of
from app.platform.database import db

_COLUMNS: tuple[Any, ...] = (
    Testimonial.id,
    Testimonial.store_id,
    Testimonial.recommendation_id,
    Testimonial.use,
    Testimonial.status,
    Testimonial.asked_at,
    Testimonial.answered_at,
    Store.name.label("store_name"),
    Store.slug,
    Recommendation.member_id,
    Recommendation.stance,
    Recommendation.disclosure,
    Recommendation.text,
    Recommendation.updated_at,
    Item.title,
    Member.handle,
    Member.name,
    Member.avatar_id,
    Member.discreet,
    Member.certified,
)
MAX_SHOWN = 6


def shown(viewer_id: MemberId | None, store_id: StoreId, use: str) -> list[Quote]:
    """What the author has agreed to have shown there, and has not changed since. One statement."""
    query = (
        _quotes(viewer_id)
        .where(
            Testimonial.store_id == store_id,
            Testimonial.use == use,
            Testimonial.status == QuoteStatus.AGREED,
            Testimonial.answered_at >= Recommendation.updated_at,
        )
        .order_by(Testimonial.answered_at.desc())
        .limit(MAX_SHOWN)
    )
    return [_quote(row) for row in db.session.execute(query)]


def asked_of(member_id: MemberId) -> list[Quote]:
    """Everything that stores have asked of the member, the newest first."""
    query = _quotes().where(Recommendation.member_id == member_id).order_by(Testimonial.id.desc())
    return [_quote(row) for row in db.session.execute(query)]


def asked_by(store_id: StoreId) -> list[Quote]:
    """Everything that the store has asked, the newest first."""
    query = _quotes().where(Testimonial.store_id == store_id).order_by(Testimonial.id.desc())
    return [_quote(row) for row in db.session.execute(query)]


def get_quote(testimonial_id: TestimonialId) -> Quote:
    """One request; raises `NotFound`, also when what it is about is gone."""
    row = db.session.execute(_quotes().where(Testimonial.id == testimonial_id)).one_or_none()
    if row is None:
        raise NotFound("This request no longer exists.")
    return _quote(row)


def praise(viewer_id: MemberId, store_id: StoreId, *, limit: int = 30) -> list[RecommendationView]:
    """What members recommend of the store: its products, and the store itself. The newest first."""
    query = (
        recommendation_rows(viewer_id)
        .where(
            Recommendation.stance == Stance.RECOMMEND,
            Recommendation.text != "",
            _belongs_to(store_id),
        )
        .order_by(Recommendation.updated_at.desc())
        .limit(limit)
    )
    return [said(row) for row in db.session.execute(query)]


def is_about(store_id: StoreId, recommendation_id: RecommendationId) -> bool:
    """Whether the recommendation speaks of the store or of what it sells."""
    query = select(Recommendation.id).where(Recommendation.id == recommendation_id, _belongs_to(store_id))
    return db.session.scalar(query) is not None


def _belongs_to(store_id: StoreId) -> Any:
    return or_(
        exists().where(Product.store_id == store_id, Product.item_id == Recommendation.item_id),
        # The store itself, and its owner's listings.
        exists().where(
            ItemParty.party_kind == "store",
            ItemParty.party_id == store_id,
            ItemParty.item_id == Recommendation.item_id,
        ),
    )


def _quotes(viewer_id: MemberId | None = None) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .select_from(Testimonial)
        .join(Store, Store.id == Testimonial.store_id)
        .join(Recommendation, Recommendation.id == Testimonial.recommendation_id)
        .join(Item, Item.id == Recommendation.item_id)
        .join(Member, Member.id == Recommendation.member_id)
        .where(
            spoken_to(viewer_id),
            Item.removed_at.is_(None),
            Store.closed_at.is_(None),
        )
    )


def _quote(row: Row[Any]) -> Quote:
    return Quote(
        id=row.id,
        store_id=row.store_id,
        store_name=row.store_name,
        store_url=f"/s/{row.slug}",
        recommendation_id=row.recommendation_id,
        item_title=row.title,
        author=card_of(row, row.member_id),
        stance=row.stance,
        disclosure=row.disclosure,
        text=row.text,
        use=row.use,
        status=row.status,
        changed=is_changed(row.status, row.answered_at, row.updated_at),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
    )


def uses_asked(quotes: Sequence[Quote]) -> dict[str, list[Quote]]:
    """By recommendation, for the merchant's page."""
    found: dict[str, list[Quote]] = {}
    for one in quotes:
        found.setdefault(one.recommendation_id, []).append(one)
    return found
