"""Stores for tests: a merchant with a product in one variant."""

from __future__ import annotations

from dataclasses import dataclass

from app.community.items.service import add_item
from app.kernel.ids import ItemId, MemberId, StoreId, VariantId
from app.kernel.money import Money
from app.merchants.catalogue.service import save_variant
from app.merchants.catalogue.values import VariantDraft
from app.merchants.stores.service import add_product, open_store


@dataclass(frozen=True)
class Shop:
    """A merchant, the store, a product and its variant."""

    owner: MemberId
    store: StoreId
    item: ItemId
    variant: VariantId


def shop(owner: MemberId, slug: str, title: str = "Teapot", price: int = 2500, stock: int = 5) -> Shop:
    """Open a store that has so many of one product."""
    store = open_store(owner, name=slug.title(), slug=slug)
    item = ItemId(add_item(owner, kind="product", title=title))
    add_product(owner, store, item, price, "EUR")
    return Shop(owner, store, item, variant(owner, item, price, stock))


def variant(owner: MemberId, item: ItemId, price: int, stock: int, options: str = "") -> VariantId:
    """One more way to buy it, or other numbers for that one."""
    return save_variant(owner, item, VariantDraft(options=options, price=Money(price, "EUR"), stock=stock))
