"""Evidence of a purchase as it is listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.people.profiles.values import MemberCard

# Occasions are made of a kind and an id; the operator's word has no id.
BY_OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Somebody bought something, as somebody else has recorded."""

    id: str
    member: MemberCard
    item_id: str
    item_title: str
    occasion: str
    at: datetime

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "member": self.member.handle,
            "item": self.item_id,
            "occasion": self.occasion,
            "at": self.at.isoformat(),
        }
