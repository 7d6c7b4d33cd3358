"""Reads of items, by plain rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, Select, func, select

from app.community.items.models import Item
from app.community.items.values import ItemView
from app.kernel.errors import NotFound
from app.platform.database import db
from app.platform.files import photo_url
from app.platform.search_index import Document, matching
from app.web.pagination import Page, decode_cursor, encode_cursor

_COLUMNS: tuple[Any, ...] = (
    Item.id,
    Item.external_id,
    Item.kind,
    Item.title,
    Item.category,
    Item.description,
    Item.photo_id,
    Item.created_at,
)
_BATCH = 1000


def get_item(item_id: str) -> ItemView:
    """Raises `NotFound`."""
    return _one(_items().where(Item.id == item_id))


def get_by_external(external_id: str) -> ItemView:
    """By the id that an import gave; raises `NotFound`."""
    return _one(_items().where(Item.external_id == external_id))


def items_by_id(ids: list[str]) -> dict[str, ItemView]:
    """Those of the ids that stand; one statement."""
    if not ids:
        return {}
    return {row.id: _view(row) for row in db.session.execute(_items().where(Item.id.in_(ids)))}


def browse(
    q: str = "", category: str = "", *, limit: int = 24, cursor: str | None = None
) -> Page[ItemView]:
    """Newest first."""
    query = _items().order_by(Item.id.desc()).limit(limit + 1)
    if q:
        found = matching("item", q)
        if found is None:
            return Page([], None)
        query = query.where(Item.id.in_(found))
    if category:
        query = query.where(Item.category == category)
    after = decode_cursor(cursor, str)
    if after:
        query = query.where(Item.id < after[0])
    rows = [_view(row) for row in db.session.execute(query)]
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], more)


def categories(most: int = 24) -> list[str]:
    """The commonest ones, by name."""
    query = (
        select(Item.category)
        .where(Item.category != "", Item.removed_at.is_(None))
        .group_by(Item.category)
        .order_by(func.count().desc())
        .limit(most)
    )
    return sorted(db.session.scalars(query))


def search_documents() -> Iterator[list[Document]]:
    """Everything that search should know of items, in batches."""
    last = ""
    while True:
        query = _items().where(Item.id > last).order_by(Item.id).limit(_BATCH)
        rows = list(db.session.execute(query))
        if not rows:
            return
        last = rows[-1].id
        yield [
            Document("item", row.id, row.title, f"{row.category} {row.description}", row.created_at)
            for row in rows
        ]


def _items() -> Select[Any]:
    return select(*_COLUMNS).where(Item.removed_at.is_(None))


def _one(query: Select[Any]) -> ItemView:
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(_("There is no such item."))
    return _view(row)


def _view(row: Row[Any]) -> ItemView:
    return ItemView(
        id=row.id,
        external_id=row.external_id,
        kind=row.kind,
        title=row.title,
        category=row.category,
        description=row.description,
        photo_id=row.photo_id,
        photo_url=photo_url(row.photo_id, "full") if row.photo_id else None,
        created_at=row.created_at,
    )
