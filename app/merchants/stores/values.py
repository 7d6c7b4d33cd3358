"""A store as its visitors see it."""

from __future__ import annotations

from dataclasses import dataclass

from app.community.items.values import ItemView
from app.kernel.ids import ItemId, MemberId, StoreId
from app.kernel.money import Money

MAX_NAME_LENGTH = 80
MAX_ABOUT_LENGTH = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreDraft:
    """What a store says of itself, as its owner types it."""

    name: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreView:
    """The store itself."""

    id: StoreId
    owner_id: MemberId
    slug: str
    name: str
    about: str
    # Through which it is recommended, once somebody has.
    item_id: ItemId | None = None

    @property
    def url(self) -> str:
        return f"/s/{self.slug}"


@dataclass(frozen=True, slots=True)
class ProductView:
    """An item with its price here."""

    item: ItemView
    price: Money
