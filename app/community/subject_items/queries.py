"""Which item stands for which thing, and things as they can be recommended."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, exists, or_, select

from app.community.items.models import Item
from app.community.items.values import ItemKind
from app.community.subject_items.models import SubjectItem
from app.community.subject_items.values import Recommendable
from app.kernel.errors import N_, NotFound
from app.kernel.ids import ItemId, MemberId
from app.kernel.subjects import Subject
from app.platform.database import db
from app.platform.subjects import Condition, Looker, find_facts, find_kind, find_party, kinds, require_visible


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


def describe(subject: Subject, viewer_id: MemberId | None) -> Recommendable:
    """The thing as it stands now; raises `NotFound`."""
    kind = find_kind(subject.kind)
    if kind is None or not kind.recommendable:
        raise NotFound("This can’t be recommended.")
    require_visible(viewer_id, subject, N_("This no longer exists, or you can’t see it."))
    facts = find_facts(subject)
    if facts is None or facts.owner_id is None:
        raise NotFound("This no longer exists, or you can’t see it.")
    return Recommendable(
        title=facts.title,
        category=facts.category,
        photo_id=facts.photo_id,
        url=facts.url,
        owner_id=facts.owner_id,
        party=find_party(facts.owner_id),
    )


def find_item(subject: Subject) -> ItemId | None:
    """The item through which the thing is recommended, once somebody has."""
    return db.session.scalar(
        select(SubjectItem.item_id).where(SubjectItem.kind == subject.kind, SubjectItem.subject_id == subject.id)
    )


def find_item_and_category(subject: Subject) -> tuple[ItemId, str] | None:
    """The item, and what it is filed under: whom to trust may depend on that."""
    query = select(SubjectItem.item_id, Item.category).join(Item, Item.id == SubjectItem.item_id)
    row = db.session.execute(
        query.where(SubjectItem.kind == subject.kind, SubjectItem.subject_id == subject.id)
    ).one_or_none()
    return (row.item_id, row.category) if row else None


def find_subject(item_id: ItemId) -> Subject | None:
    """What the item stands for; None for an item that is the thing itself."""
    row = db.session.execute(
        select(SubjectItem.kind, SubjectItem.subject_id).where(SubjectItem.item_id == item_id)
    ).one_or_none()
    return Subject(row.kind, row.subject_id) if row else None
