"""Adding and removing items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.community.items import rules
from app.community.items.events import ItemAdded, ItemRemoved
from app.community.items.models import Item
from app.community.items.queries import document, same_items
from app.community.items.values import (
    MAX_CATEGORY_LENGTH,
    MAX_DESCRIPTION_LENGTH,
    MAX_MAKER_LENGTH,
    MAX_TITLE_LENGTH,
    Candidate,
    ItemKind,
)
from app.kernel.clock import clock
from app.kernel.errors import N_, Conflict, Invalid
from app.kernel.ids import ItemId, MemberId, PhotoId, new_id
from app.kernel.subjects import Subject
from app.kernel.titles import is_title
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work
from app.platform.files import attach_photos
from app.platform.markup import clean_line, clean_text, strip_invisible
from app.platform.search import index as search_index
from app.platform.sql import insert_into
from app.platform.subjects import Ruling, Taken
from app.platform.vocabulary.reading import vocabulary

KIND = "item"


class Duplicate(Conflict):
    """Another item has this number or address already."""

    def __init__(self, found: Sequence[Candidate]) -> None:
        super().__init__(N_("This item is already listed."), code="duplicate_item")
        self.candidates = tuple(found)


def add_item(
    actor: MemberId,
    *,
    kind: str,
    title: str,
    category: str = "",
    description: str = "",
    maker: str = "",
    gtin: str = "",
    url: str = "",
    photo_id: PhotoId | None = None,
) -> ItemId:
    """Something new to recommend; answers its id.

    Raises `Invalid`, `Forbidden`, or `Duplicate` with the items that have this GTIN or address.
    """
    title = clean_line(title, MAX_TITLE_LENGTH)
    category = vocabulary().canonical(clean_line(category, MAX_CATEGORY_LENGTH))
    description = clean_text(description, MAX_DESCRIPTION_LENGTH)
    maker = clean_line(maker, MAX_MAKER_LENGTH)
    if not is_title(title):
        raise Invalid("Enter a title of at least 2 letters.", code="missing_title")
    if kind not in set(ItemKind):
        raise Invalid("Choose product, place or service.", code="bad_kind")
    number, address = _number(gtin), _address(url)
    key = rules.url_key(address) if address else None
    item_id, now = ItemId(new_id()), clock.now()
    with unit_of_work() as work:
        require_active(actor)
        if photo_id:
            attach_photos(actor, [photo_id], Subject("item", item_id))
        made = db.session.scalar(
            insert_into(Item)
            .values(
                id=item_id,
                kind=kind,
                title=title,
                category=category,
                description=description,
                maker=maker,
                gtin=number,
                url=address,
                url_key=key,
                photo_id=photo_id,
                created_by=actor,
                created_at=now,
            )
            # Two members at the same moment: the second one hears of the first one's.
            .on_conflict_do_nothing()
            .returning(Item.id)
        )
        if made is None:
            raise Duplicate(same_items(number, key))
        search_index.put([document(item_id, title, maker, category, description, now)])
        work.record(ItemAdded(item_id=item_id, member_id=actor))
    return item_id


def remove(item_id: ItemId, _ruling: Ruling) -> Taken | None:
    """Take the item from pages and search; doing it again changes nothing."""
    now = clock.now()
    with unit_of_work() as work:
        names = select(Item.gtin, Item.url_key).where(Item.id == item_id, Item.removed_at.is_(None))
        before = db.session.execute(names.with_for_update()).one_or_none()
        if before is None:
            return None
        # Number and address are free for an honest entry.
        gone = update(Item).where(Item.id == item_id).values(removed_at=now, gtin=None, url_key=None)
        db.session.execute(gone)
        search_index.remove(KIND, [item_id])
        work.record(ItemRemoved(item_id=item_id))
    return {"at": now.isoformat(), "gtin": before.gtin, "url_key": before.url_key}


def restore(item_id: ItemId, ruling: Ruling) -> None:
    """Put back what a decision removed; a number or address that another item has got since stays there."""
    gtin, key = ruling.taken["gtin"], ruling.taken["url_key"]
    with unit_of_work():
        row = db.session.execute(
            update(Item)
            .where(Item.id == item_id, Item.removed_at == datetime.fromisoformat(ruling.taken["at"]))
            .values(
                removed_at=None,
                gtin=gtin if gtin and not same_items(gtin, None) else None,
                url_key=key if key and not same_items(None, key) else None,
            )
            .returning(Item.kind, Item.title, Item.maker, Item.category, Item.description, Item.created_at)
        ).one_or_none()
        # What stands for a listing or a store is found by these.
        if row is not None and row.kind in set(ItemKind):
            found = document(item_id, row.title, row.maker, row.category, row.description, row.created_at)
            search_index.put([found])


def _number(typed: str) -> str | None:
    if not typed.strip():
        return None
    found = rules.gtin14(typed)
    if found is None:
        raise Invalid(
            "This isn’t a valid barcode number. It has 8, 12, 13 or 14 digits; check for typos.",
            code="bad_gtin",
        )
    return found


def _address(typed: str) -> str | None:
    if not typed.strip():
        return None
    found = rules.web_address(strip_invisible(typed))
    if found is None:
        raise Invalid("This isn’t a valid web address.", code="bad_url")
    return found
