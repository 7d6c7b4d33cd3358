"""A merchant fills in what can be ordered, how it is sent and which taxes the prices include."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select

from app.community.items.values import MAX_CATEGORY_LENGTH
from app.kernel.clock import clock
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import ItemId, MemberId, ShippingOptionId, StoreId, VariantId, new_id
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.listings.values import HIGHEST_MAJOR
from app.market.orders.goods import Goods, Offered
from app.market.orders.values import Snapshot
from app.market.stock.service import set_total_within
from app.merchants.catalogue import queries, rules
from app.merchants.catalogue.models import ShippingOptionRow, TaxRateRow, Variant
from app.merchants.catalogue.values import (
    KIND,
    MAX_OPTIONS_LENGTH,
    MAX_SHIPPING_NAME_LENGTH,
    MAX_SHIPPING_OPTIONS,
    MAX_SKU_LENGTH,
    MAX_TAX_RATES,
    MAX_VARIANTS,
    VariantDraft,
)
from app.merchants.stores.queries import find_store_of
from app.merchants.stores.service import MERCHANT
from app.people.accounts.queries import require_role
from app.platform.database import Model, db, unit_of_work
from app.platform.markup import clean_line
from app.platform.sql import upsert


def save_variant(actor: MemberId, item_id: ItemId, draft: VariantDraft) -> VariantId:
    """Add a variant to a product of the actor's store, or change the one of these options; answers its id."""
    options = clean_line(draft.options, MAX_OPTIONS_LENGTH)
    _check_price(draft.price)
    with unit_of_work():
        store_id = _own_store(actor)
        queries.product_page(store_id, item_id)
        here = (Variant.store_id == store_id, Variant.item_id == item_id)
        _room_for(Variant, here, MAX_VARIANTS - 1, but=Variant.options == options)
        row = {
            "id": new_id(),
            "store_id": store_id,
            "item_id": item_id,
            "options": options,
            "sku": clean_line(draft.sku, MAX_SKU_LENGTH),
            "price_minor": draft.price.minor,
            "currency": draft.price.currency,
            "added_at": clock.now(),
        }
        upsert(Variant, row, keys=("store_id", "item_id", "options"), news=("sku", "price_minor", "currency"))
        variant_id = db.session.scalars(select(Variant.id).where(*here, Variant.options == options)).one()
        set_total_within(Subject(KIND, variant_id), draft.stock)
        return variant_id


def remove_variant(actor: MemberId, variant_id: VariantId) -> ItemId | None:
    """Nobody can order it any more; orders keep what they have. Answers its product, or None if it isn't there."""
    with unit_of_work():
        store_id = _own_store(actor)
        gone = delete(Variant).where(Variant.id == variant_id, Variant.store_id == store_id).returning(Variant.item_id)
        return db.session.scalar(gone)


def save_shipping_option(actor: MemberId, name: str, price: Money, free_from: Money | None = None) -> None:
    """Add a way to send things, or change the one of this name."""
    name = clean_line(name, MAX_SHIPPING_NAME_LENGTH)
    if not name:
        raise Invalid("Enter a name.", code="no_name")
    for amount in (price, free_from):
        if amount is not None:
            _check_price(amount)
    if free_from is not None and free_from.currency != price.currency:
        raise Invalid("Both amounts need the same currency.", code="bad_currency")
    with unit_of_work():
        store_id = _own_store(actor)
        here = (ShippingOptionRow.store_id == store_id,)
        same = (ShippingOptionRow.name == name) & (ShippingOptionRow.currency == price.currency)
        _room_for(ShippingOptionRow, here, MAX_SHIPPING_OPTIONS - 1, but=same)
        row = {
            "id": new_id(),
            "store_id": store_id,
            "name": name,
            "price_minor": price.minor,
            "currency": price.currency,
            "free_from_minor": None if free_from is None else free_from.minor,
        }
        upsert(ShippingOptionRow, row, keys=("store_id", "name", "currency"), news=("price_minor", "free_from_minor"))


def remove_shipping_option(actor: MemberId, option_id: ShippingOptionId) -> None:
    """A second time changes nothing."""
    with unit_of_work():
        store_id = _own_store(actor)
        gone = delete(ShippingOptionRow).where(
            ShippingOptionRow.id == option_id, ShippingOptionRow.store_id == store_id
        )
        db.session.execute(gone)


def save_tax_rate(actor: MemberId, category: str, rate: int, valid_from: date) -> None:
    """From this day on prices in the category include so much, in hundredths of a percent."""
    category = clean_line(category, MAX_CATEGORY_LENGTH)
    if not 0 <= rate < rules.WHOLE:
        raise Invalid("Enter a tax rate from 0 to 99.99 percent.", code="bad_rate")
    with unit_of_work():
        store_id = _own_store(actor)
        here = (TaxRateRow.store_id == store_id,)
        same = (TaxRateRow.category == category) & (TaxRateRow.valid_from == valid_from)
        _room_for(TaxRateRow, here, MAX_TAX_RATES - 1, but=same)
        row = {"store_id": store_id, "category": category, "valid_from": valid_from, "rate": rate}
        upsert(TaxRateRow, row, keys=("store_id", "category", "valid_from"))


def remove_tax_rate(actor: MemberId, category: str, valid_from: date) -> None:
    """A second time changes nothing."""
    with unit_of_work():
        store_id = _own_store(actor)
        gone = delete(TaxRateRow).where(
            TaxRateRow.store_id == store_id, TaxRateRow.category == category, TaxRateRow.valid_from == valid_from
        )
        db.session.execute(gone)


def _own_store(actor: MemberId) -> StoreId:
    require_role(actor, MERCHANT)
    store = find_store_of(actor)
    if store is None:
        raise NotFound("Open your store first.")
    return store.id


def _room_for(table: type[Model], here: Sequence[ColumnElement[bool]], most: int, *, but: ColumnElement[bool]) -> None:
    others = db.session.scalar(select(func.count()).select_from(table).where(*here, ~but)) or 0
    if others > most:
        raise Invalid("There are too many already. Remove one first.", code="too_many")


def _check_price(price: Money) -> None:
    if price.minor < 0 or price.major > HIGHEST_MAJOR:
        raise Invalid("This amount is out of range.", code="bad_price")


def _offered(buyer_id: MemberId, ident: str) -> Offered:
    found = queries.wanted(buyer_id, VariantId(ident))
    item = found.item
    return Offered(
        seller_id=found.seller_id,
        stock=found.variant.total,
        snapshot=Snapshot(
            title=found.title,
            text=item.description,
            url=found.url,
            kind="product",
            price=found.variant.price,
            photo_ids=(item.photo_id,) if item.photo_id else (),
            tax_rate=rules.as_fraction(found.tax_rate),
        ),
    )


def _nothing(_ident: str) -> None:
    """The stock alone says what can be had of a variant."""


GOODS = Goods(offered=_offered, reserve_within=_nothing, release_within=_nothing, sell_within=_nothing)
