"""What can be recommended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.kernel.ids import ItemId, PhotoId

MAX_TITLE_LENGTH = 200
MAX_DESCRIPTION_LENGTH = 5000
MAX_CATEGORY_LENGTH = 60
MAX_MAKER_LENGTH = 80
MAX_URL_LENGTH = 500


class ItemKind(StrEnum):
    """Bought, visited or hired."""

    PRODUCT = "product"
    PLACE = "place"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """An item as every page shows it."""

    id: ItemId
    external_id: str | None
    kind: str
    title: str
    category: str
    description: str
    photo_id: PhotoId | None
    photo_url: str | None
    created_at: datetime
    maker: str = ""
    gtin: str | None = None
    link: str | None = None

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
            "maker": self.maker,
            "gtin": self.gtin,
            "url": self.link,
            "photo": self.photo_url,
            "at": self.created_at.isoformat(),
        }


class SameBy(StrEnum):
    """Why an item that is there may be the one that somebody is about to add."""

    GTIN = "gtin"
    URL = "url"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be the same; `exact` when number or address say so."""

    item: ItemView
    by: SameBy
    score: float = 100.0

    @property
    def exact(self) -> bool:
        return self.by is not SameBy.TITLE

    def as_json(self) -> dict[str, object]:
        return {**self.item.as_json(), "same_by": self.by.value, "score": round(self.score, 1)}
