"""What happens to requests to quote somebody."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId, RecommendationId, StoreId, TestimonialId


@dataclass(frozen=True, kw_only=True)
class QuoteAsked(Event):
    """A store asks to quote a recommendation, for one use."""

    testimonial_id: TestimonialId
    store_id: StoreId
    recommendation_id: RecommendationId
    author_id: MemberId


@dataclass(frozen=True, kw_only=True)
class QuoteAllowed(Event):
    """Its author agrees to this use."""

    testimonial_id: TestimonialId
    store_id: StoreId
    recommendation_id: RecommendationId
    author_id: MemberId


@dataclass(frozen=True, kw_only=True)
class QuoteDeclined(Event):
    """Its author does not agree."""

    testimonial_id: TestimonialId
    store_id: StoreId
    recommendation_id: RecommendationId
    author_id: MemberId


@dataclass(frozen=True, kw_only=True)
class QuoteWithdrawn(Event):
    """Its author agrees no longer; from this moment it is shown nowhere."""

    testimonial_id: TestimonialId
    store_id: StoreId
    recommendation_id: RecommendationId
    author_id: MemberId
