"""What happens to comments."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import CommentId, MemberId, RecommendationId


@dataclass(frozen=True, kw_only=True)
class CommentAdded(Event):
    """A member said something to a recommendation."""

    comment_id: CommentId
    recommendation_id: RecommendationId
    author_id: MemberId


@dataclass(frozen=True, kw_only=True)
class CommentRemoved(Event):
    """Its author, the author of the recommendation or a moderator took it away."""

    comment_id: CommentId
    recommendation_id: RecommendationId
    author_id: MemberId
