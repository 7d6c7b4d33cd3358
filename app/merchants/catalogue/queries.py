"""Reads of what stores sell in detail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Select, select

from app.community.items.queries import get_item
from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import ItemId, MemberId, StoreId, VariantId
from app.kernel.money import Money
from app.market.listings.queries import browse
from app.market.listings.values import CURRENCIES, ListingCard, ListingKind, MarketFilter, Sort
from app.market.stock.models import Stock
from app.merchants.catalogue import rules
from app.merchants.catalogue.models import ShippingOptionRow, TaxRateRow, Variant
from app.merchants.catalogue.values import KIND, MOST_USED, ProductPage, ShippingOption, TaxRate, VariantView, Wanted
from app.merchants.stores.models import Product, Store
from app.merchants.stores.queries import visible_to
from app.platform.database import db

_NEAR: Final = 3  # steps of trust, as far as a circle goes
_OFFERED: Final = (ListingKind.SALE, ListingKind.SWAP, ListingKind.GIVE)


def product_page(store_id: StoreId, item_id: ItemId) -> ProductPage:
    """A product with its variants; raises `NotFound`."""
    query = select(Product.price).where(Product.store_id == store_id, Product.item_id == item_id)
    price = db.session.execute(query).scalar_one_or_none()
    if price is None:
        raise NotFound("This store doesn’t sell it any more.")
    item = get_item(item_id)
    rows = db.session.execute(
        _variants().where(Variant.store_id == store_id, Variant.item_id == item_id).order_by(Variant.id)
    )
    return ProductPage(
        item=item,
        price=price,
        variants=[_view(row) for row in rows],
        tax_rate=rules.rate_for(tax_rates(store_id), item.category, clock.now().date()),
    )


def currency_of(store_id: StoreId) -> str:
    """What the store asks for its newest product: further amounts are most likely in it."""
    query = select(Product.currency).where(Product.store_id == store_id).order_by(Product.item_id.desc()).limit(1)
    return db.session.scalar(query) or CURRENCIES[0]


def wanted(viewer_id: MemberId, variant_id: VariantId) -> Wanted:
    """A variant as its buyer finds it now; raises `NotFound` where the store isn't there for them."""
    query = (
        _variants(Variant.item_id, Store.owner_id, Store.slug)
        .join(Store, Store.id == Variant.store_id)
        .where(Variant.id == variant_id, visible_to(viewer_id))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("This is no longer for sale.")
    item = get_item(row.item_id)
    return Wanted(
        variant=_view(row),
        seller_id=row.owner_id,
        item=item,
        slug=row.slug,
        tax_rate=rules.rate_for(tax_rates(row.store_id), item.category, clock.now().date()),
    )


def used_nearby(viewer_id: MemberId | None, title: str) -> list[ListingCard]:
    """Who the viewer is connected with and offers such a thing already; the closest first, one window of the market."""
    if viewer_id is None:
        return []
    found = browse(viewer_id, MarketFilter(q=title, hops=_NEAR, sort=Sort.TRUST), limit=MOST_USED + 1).items
    return [card for card in found if not card.mine and card.kind in _OFFERED][:MOST_USED]


def items_of_variants(ids: Iterable[str]) -> dict[str, ItemId]:
    """Of which items these are variants; what is gone is left out."""
    query = select(Variant.id, Variant.item_id).where(Variant.id.in_(list(ids)))
    return {row.id: row.item_id for row in db.session.execute(query)}


def shipping_options(store_id: StoreId) -> list[ShippingOption]:
    """How the store sends things, the cheapest first."""
    query = (
        select(ShippingOptionRow)
        .where(ShippingOptionRow.store_id == store_id)
        .order_by(ShippingOptionRow.price_minor, ShippingOptionRow.id)
    )
    return [
        ShippingOption(
            id=row.id,
            name=row.name,
            price=row.price,
            free_from=None if row.free_from_minor is None else Money(row.free_from_minor, row.currency),
        )
        for row in db.session.scalars(query)
    ]


def tax_rates(store_id: StoreId) -> list[TaxRate]:
    """The store's taxes, by category and day."""
    query = (
        select(TaxRateRow).where(TaxRateRow.store_id == store_id).order_by(TaxRateRow.category, TaxRateRow.valid_from)
    )
    return [
        TaxRate(category=row.category, rate=row.rate, valid_from=row.valid_from) for row in db.session.scalars(query)
    ]


def _variants(*more: Any) -> Select[Any]:
    return select(
        Variant.id, Variant.store_id, Variant.options, Variant.sku, Variant.price, Stock.total, Stock.taken, *more
    ).outerjoin(Stock, (Stock.thing_kind == KIND) & (Stock.thing_id == Variant.id))


def _view(row: Any) -> VariantView:
    return VariantView(
        id=row.id,
        store_id=row.store_id,
        options=row.options,
        sku=row.sku,
        price=row.price,
        left=(row.total or 0) - (row.taken or 0),
        total=row.total or 0,
    )
