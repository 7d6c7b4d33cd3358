"""Comments as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel.ids import CommentId, RecommendationId
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

MAX_COMMENT_LENGTH = 2000
# A thread longer than this is a conversation, and there are rooms for these.
MAX_COMMENTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    """What somebody said to a recommendation, and how the viewer knows them."""

    id: CommentId
    recommendation_id: RecommendationId
    author: MemberCard
    # A trust.circle Trail, or None.
    trail: Trail | None
    text_html: str
    at: datetime
    mine: bool
    removable: bool

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "recommendation": self.recommendation_id,
            "author": self.author.handle,
            "html": str(self.text_html),
            "at": self.at.isoformat(),
        }
