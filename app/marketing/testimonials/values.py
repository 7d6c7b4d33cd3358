"""What is asked, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.kernel.ids import RecommendationId, StoreId, TestimonialId
from app.people.profiles.values import MemberCard

MAX_USE_LENGTH = 120
# Where the store's own page draws its quotes from.
STORE_PAGE = "store page"


class QuoteStatus(StrEnum):
    """Only what is agreed to, and unchanged since, may be shown."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One request with what it is about."""

    id: TestimonialId
    store_id: StoreId
    store_name: str
    store_url: str
    recommendation_id: RecommendationId
    item_title: str
    author: MemberCard
    stance: str
    disclosure: str
    text: str
    use: str
    status: str
    # Whether the words have changed since the author agreed: such a quote rests.
    changed: bool
    asked_at: datetime
    answered_at: datetime | None

    @property
    def url(self) -> str:
        return f"/recommendations/{self.recommendation_id}"

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "store": self.store_id,
            "recommendation": self.recommendation_id,
            "author": self.author.handle,
            "use": self.use,
            "status": self.status,
            "changed": self.changed,
            "asked_at": self.asked_at.isoformat(),
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
        }
