"""Which item stands for which thing, and the slot through which other wings describe theirs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, exists, or_, select

from app.community.items.models import Item
from app.community.items.values import ItemKind
from app.community.subject_items.models import SubjectItem
from app.community.subject_items.values import Describe, Recommendable
from app.kernel.errors import NotFound
from app.kernel.subjects import Subject
from app.platform.database import db
from app.platform.subjects import Condition, Looker, kinds


def visible_items(viewer: Looker, item: Any = Item) -> Condition:
    """Items belong to all; one that stands for a thing is there for whom the thing is there."""
    stands = [
        exists().where(
            SubjectItem.item_id == item.id,
            SubjectItem.kind == kind.name,
            SubjectItem.subject_id == kind.key,
            kind.visible_to(viewer),
        )
        for kind in kinds().values()
        if kind.recommendable
    ]
    return and_(item.removed_at.is_(None), or_(item.kind.in_([kind.value for kind in ItemKind]), *stands))


_describers: dict[str, Describe] = {}


def register_recommendable(kind: str, describe: Describe) -> None:
    """The composition root says how things of this kind look; without it, none can be recommended."""
    _describers[kind] = describe


def describe(subject: Subject, viewer_id: int | None) -> Recommendable:
    """The thing as it stands now; raises `NotFound`."""
    found = _describers.get(subject.kind)
    if found is None:
        raise NotFound("Things of this kind cannot be recommended.")
    return found(subject.id, viewer_id)


def find_item(subject: Subject) -> str | None:
    """The item through which the thing is recommended, once somebody has."""
    return db.session.scalar(
        select(SubjectItem.item_id).where(
            SubjectItem.kind == subject.kind, SubjectItem.subject_id == subject.id
        )
    )


def find_item_and_category(subject: Subject) -> tuple[str, str] | None:
    """The item, and what it is filed under: whom to trust may depend on that."""
    query = select(SubjectItem.item_id, Item.category).join(Item, Item.id == SubjectItem.item_id)
    row = db.session.execute(
        query.where(SubjectItem.kind == subject.kind, SubjectItem.subject_id == subject.id)
    ).one_or_none()
    return (row.item_id, row.category) if row else None


def find_subject(item_id: str) -> Subject | None:
    """What the item stands for; None for an item that is the thing itself."""
    row = db.session.execute(
        select(SubjectItem.kind, SubjectItem.subject_id).where(SubjectItem.item_id == item_id)
    ).one_or_none()
    return Subject(row.kind, row.subject_id) if row else None
