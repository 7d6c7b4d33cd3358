"""One entry of the feed, with the reason why it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.community.recommendations.values import Said
from app.market.listings.values import ListingCard
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

MOST_HIDDEN = 99  # counted up to here


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`said` or `listing`, whose it is, and how the viewer knows them."""

    kind: str
    id: str
    at: datetime
    member: MemberCard
    trail: Trail | None
    score: float
    said: Said | None = None
    listing: ListingCard | None = None

    @property
    def url(self) -> str:
        if self.said is not None:
            return self.said.item_url
        return f"/market/{self.id}"

    def as_json(self) -> dict[str, object]:
        answer: dict[str, object] = {
            "kind": self.kind,
            "id": self.id,
            "at": self.at.isoformat(),
            "member": self.member.handle,
            "why": {
                "score": self.score,
                "distance": self.trail.distance if self.trail else None,
                "path": self.trail.handles if self.trail else None,
                "endorsers": [self.member.handle],
            },
        }
        if self.said is not None:
            answer |= {
                "item": self.said.item_id,
                "title": self.said.item_title,
                "stance": self.said.stance,
                "disclosure": self.said.disclosure,
            }
        if self.listing is not None:
            answer |= {"listing": self.listing.id, "title": self.listing.title}
        return answer


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page; `hidden` is how much of the same time the circle filtered out, if it did."""

    items: list[Entry]
    next: str | None
    hidden: int = 0
