"""Making items for things of other wings, and keeping them like these."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from app.community.commercial_ties.service import offer
from app.community.items.models import Item
from app.community.subject_items.models import SubjectItem
from app.community.subject_items.queries import find_item
from app.community.subject_items.values import Recommendable
from app.kernel.clock import clock
from app.kernel.ids import ItemId, new_id
from app.kernel.subjects import Subject
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_into, transition
from app.platform.subjects import Facts, State, find_facts


def item_for(subject: Subject, thing: Recommendable) -> ItemId:
    """The item that stands for the thing, made when nobody has recommended it before.

    Two at once make one: the row of the pair decides, and the other's item is never kept.
    """
    with unit_of_work():
        found = find_item(subject)
        if found is None:
            found = _make(subject, thing)
        else:
            _write(found, thing)
        if thing.party is not None:
            offer(found, thing.party)
    return found


def follow(subject: Subject) -> None:
    """Another title or picture is taken over; of a thing that is gone, nothing is said any more.

    It follows what the tables say now, so doing it again changes nothing.
    """
    with unit_of_work():
        item_id = find_item(subject)
        if item_id is None:
            return
        facts = find_facts(subject)
        if facts is None or facts.state is State.REMOVED:
            now = clock.now()
            if transition(Item, {"id": item_id, "removed_at": None}, {"removed_at": now}):
                db.session.execute(update(SubjectItem).where(SubjectItem.item_id == item_id).values(gone_at=now))
        else:
            # What a moderator took away itself stays away.
            went_along = select(SubjectItem.gone_at).where(SubjectItem.item_id == item_id).scalar_subquery()
            back = update(Item).where(Item.id == item_id, Item.removed_at == went_along)
            db.session.execute(back.values(removed_at=None).execution_options(synchronize_session=False))
            _write(item_id, facts)


def _make(subject: Subject, thing: Recommendable) -> ItemId:
    item_id = ItemId(new_id())
    # No search document: the search finds the thing itself.
    db.session.execute(
        insert(Item).values(
            id=item_id,
            kind=subject.kind,
            title=thing.title,
            category=thing.category,
            description="",
            photo_id=thing.photo_id,
            created_by=thing.owner_id,
            created_at=clock.now(),
        )
    )
    made = db.session.scalar(
        insert_into(SubjectItem)
        .values(kind=subject.kind, subject_id=subject.id, item_id=item_id)
        .on_conflict_do_nothing()
        .returning(SubjectItem.item_id)
    )
    if made is not None:
        return item_id
    # PostgreSQL: somebody else's came first, and has just been committed.
    db.session.execute(delete(Item).where(Item.id == item_id))
    other = find_item(subject)
    if other is None:
        raise RuntimeError(f"no item stands for {subject}")
    return other


def _write(item_id: ItemId, thing: Recommendable | Facts) -> None:
    db.session.execute(
        update(Item)
        .where(Item.id == item_id)
        .values(title=thing.title, category=thing.category, photo_id=thing.photo_id)
    )
