"""What a store has put on record."""

from __future__ import annotations

from app.community.purchases.queries import recorded
from app.community.purchases.values import Purchase
from app.kernel.ids import MemberId, StoreId
from app.kernel.pagination import Page


def occasion_of(store_id: StoreId) -> str:
    """How the evidence names the store."""
    return f"store:{store_id}"


def sales(
    store_id: StoreId, *, viewer_id: MemberId | None = None, limit: int = 30, cursor: str | None = None
) -> Page[Purchase]:
    """Who bought what, by the store's own word, and what they say to it; newest first."""
    return recorded(occasion_of(store_id), viewer_id=viewer_id, limit=limit, cursor=cursor)
