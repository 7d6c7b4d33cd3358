"""What happens to recommendations."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import ItemId, MemberId, RecommendationId


@dataclass(frozen=True, kw_only=True)
class RecommendationGiven(Event):
    """A member said, or said anew, what they think of an item."""

    recommendation_id: RecommendationId
    item_id: ItemId
    member_id: MemberId
    stance: str


@dataclass(frozen=True, kw_only=True)
class RecommendationRemoved(Event):
    """The author or a moderator took it away."""

    recommendation_id: RecommendationId
    item_id: ItemId
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class RecommendationRestored(Event):
    """A moderator's decision to take it away was undone."""

    recommendation_id: RecommendationId
    item_id: ItemId
    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class RecommendationHelped(Event):
    """Another member found it helpful."""

    recommendation_id: RecommendationId
    author_id: MemberId
    member_id: MemberId
