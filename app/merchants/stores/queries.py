"""Reads of stores."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, and_, select

from app.community.items.queries import items_by_id
from app.community.subject_items.models import SubjectItem
from app.kernel.errors import NotFound
from app.kernel.ids import ItemId, MemberId, StoreId
from app.merchants.stores.models import Product, Store
from app.merchants.stores.values import ProductView, StoreView
from app.people.blocks.queries import visible_owner
from app.platform.database import db
from app.platform.subjects import Condition, Looker

_STAND_IN = (
    select(SubjectItem.item_id)
    .where(SubjectItem.kind == "store", SubjectItem.subject_id == Store.id)
    .scalar_subquery()
    .label("item_id")
)
_COLUMNS: tuple[Any, ...] = (
    Store.id,
    Store.owner_id,
    Store.slug,
    Store.name,
    Store.about,
    _STAND_IN,
)


def visible_to(viewer: Looker) -> Condition:
    """Open, and its owner is here and in touch with the viewer."""
    return and_(Store.closed_at.is_(None), visible_owner(Store.owner_id, viewer))


def get_by_slug(viewer_id: MemberId | None, slug: str) -> StoreView:
    """As the viewer sees it; raises `NotFound`."""
    return _get(_stores().where(Store.slug == slug, visible_to(viewer_id)))


def get_store(store_id: StoreId) -> StoreView:
    """Raises `NotFound`."""
    return _get(_stores().where(Store.id == store_id))


def find_store_of(owner_id: MemberId) -> StoreView | None:
    """The merchant's own store."""
    row = db.session.execute(_stores().where(Store.owner_id == owner_id)).one_or_none()
    return _view(row) if row else None


def products(store_id: StoreId) -> list[ProductView]:
    """What is on sale, the newest last. Two statements."""
    query = (
        select(Product.item_id, Product.price)
        .where(Product.store_id == store_id)
        .order_by(Product.added_at, Product.item_id)
    )
    rows = list(db.session.execute(query))
    items = items_by_id([row.item_id for row in rows])
    return [ProductView(items[row.item_id], row.price) for row in rows if row.item_id in items]


def items_sold_by(store_id: StoreId) -> list[ItemId]:
    """Ids of the items that the store has."""
    return list(db.session.scalars(select(Product.item_id).where(Product.store_id == store_id)))


def stores_selling(item_id: ItemId) -> list[StoreId]:
    """Ids of the stores that have the item."""
    return list(db.session.scalars(select(Product.store_id).where(Product.item_id == item_id)))


def _stores() -> Select[Any]:
    return select(*_COLUMNS).where(Store.closed_at.is_(None))


def _get(query: Select[Any]) -> StoreView:
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("This store doesn’t exist.")
    return _view(row)


def _view(row: Row[Any]) -> StoreView:
    return StoreView(
        id=row.id,
        owner_id=row.owner_id,
        slug=row.slug,
        name=row.name,
        about=row.about,
        item_id=row.item_id,
    )
