"""What can be recommended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 5000
LONGEST_CATEGORY = 60


class ItemKind(StrEnum):
    """Bought, visited or hired."""

    PRODUCT = "product"
    PLACE = "place"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """An item as every page shows it."""

    id: str
    external_id: str | None
    kind: str
    title: str
    category: str
    description: str
    photo_id: str | None
    photo_url: str | None
    created_at: datetime

    @property
    def url(self) -> str:
        return f"/items/{self.id}"

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "external_id": self.external_id,
            "kind": self.kind,
            "title": self.title,
            "category": self.category,
            "description": self.description,
            "photo": self.photo_url,
            "at": self.created_at.isoformat(),
        }
