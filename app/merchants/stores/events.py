"""What happens to stores."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import ItemId, MemberId, StoreId


@dataclass(frozen=True, kw_only=True)
class StoreOpened(Event):
    """A merchant opened a store."""

    store_id: StoreId
    owner_id: MemberId


@dataclass(frozen=True, kw_only=True)
class StoreClosed(Event):
    """A moderator closed it."""

    store_id: StoreId


@dataclass(frozen=True, kw_only=True)
class StoreReopened(Event):
    """A moderator's decision to close it was undone."""

    store_id: StoreId


@dataclass(frozen=True, kw_only=True)
class ProductOffered(Event):
    """An item is on sale in a store, or has a new price there."""

    store_id: StoreId
    item_id: ItemId
    price_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class ProductWithdrawn(Event):
    """It is no longer."""

    store_id: StoreId
    item_id: ItemId
