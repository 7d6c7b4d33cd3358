"""Items as things that others point at: products, places and services, and what stands for other things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, select

from app.community.items.models import Item
from app.community.items.service import remove, restore
from app.community.subject_items.queries import visible_items
from app.platform.database import db
from app.platform.subjects import Condition, Facts, Kind, State
from app.platform.vocabulary.reading import category_name


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """Items belong to all, so they have no owner."""
    query = select(
        Item.id, Item.title, Item.category, Item.description, Item.photo_id, Item.created_at, Item.removed_at
    ).where(Item.id.in_(ids))
    return {
        row.id: Facts(
            owner_id=None,
            title=row.title,
            url=f"/items/{row.id}",
            made_at=row.created_at,
            state=State.HERE if row.removed_at is None else State.REMOVED,
            photo_id=row.photo_id,
            excerpt=row.description,
            note=category_name(row.category),
            category=row.category,
        )
        for row in db.session.execute(query)
    }


def has_photo(photo: BindParameter[str]) -> Condition:
    """Its picture."""
    return Item.photo_id == photo


KINDS = (
    Kind(
        name="item",
        key=Item.__table__.c.id,
        visible_to=visible_items,
        facts=facts,
        has_photo=has_photo,
        remove=remove,
        restore=restore,
        link="items",
    ),
)
