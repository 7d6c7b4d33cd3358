"""Evidence of a purchase as it is listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.kernel.ids import ItemId, PurchaseId
from app.people.profiles.values import MemberCard

# Occasions are made of a kind and an id; the operator's word has no id.
BY_OPERATOR = "operator"


class PurchaseState(StrEnum):
    """Whose word it is: the operator's stands by itself, a store's needs the buyer's yes."""

    STANDS = "stands"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


# Only these make a mark.
IN_FORCE: Final = (PurchaseState.STANDS.value, PurchaseState.CONFIRMED.value)


@dataclass(frozen=True, slots=True)
class Source:
    """By whose word: `kind` is `operator` or `store`; the name only of what the viewer may see."""

    kind: str
    id: str | None = None
    name: str | None = None
    url: str | None = None

    def as_json(self) -> dict[str, str | None]:
        return {"kind": self.kind, "id": self.id if self.name else None, "name": self.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """Somebody bought something, as somebody else has recorded."""

    id: PurchaseId
    member: MemberCard
    item_id: ItemId
    item_title: str
    occasion: str
    at: datetime
    state: str
    source: Source

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "member": self.member.handle,
            "item": self.item_id,
            "occasion": self.occasion,
            "by": self.source.as_json(),
            "state": self.state,
            "at": self.at.isoformat(),
        }
