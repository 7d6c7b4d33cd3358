"""Adding and removing items."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import insert, update

from app.community.items.events import ItemAdded, ItemRemoved
from app.community.items.models import Item
from app.community.items.values import (
    LONGEST_CATEGORY,
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    ItemKind,
)
from app.kernel.clock import clock
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from app.people.accounts.queries import require_active
from app.platform import search_index
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.files import owned_photos
from app.platform.markup import clean_line, clean_text
from app.platform.search_index import Document

KIND = "item"


def add_item(
    actor: int,
    *,
    kind: str,
    title: str,
    category: str = "",
    description: str = "",
    photo_id: str | None = None,
) -> str:
    """Something new to recommend; answers its id. Raises `Invalid` or `Forbidden`."""
    title = clean_line(title, LONGEST_TITLE)
    category = clean_line(category, LONGEST_CATEGORY)
    description = clean_text(description, LONGEST_DESCRIPTION)
    if not title:
        raise Invalid(_("Please give it a title."), code="missing_title")
    if kind not in set(ItemKind):
        raise Invalid(_("It must be a product, a place or a service."), code="bad_kind")
    item_id, now = new_id(), clock.now()
    with unit_of_work() as work:
        require_active(actor)
        if photo_id and photo_id not in owned_photos(actor, [photo_id]):
            raise Invalid(_("That photo is not yours."), code="bad_photo")
        db.session.execute(
            insert(Item).values(
                id=item_id,
                kind=kind,
                title=title,
                category=category,
                description=description,
                photo_id=photo_id,
                created_by=actor,
                created_at=now,
            )
        )
        search_index.put([Document(KIND, item_id, title, f"{category} {description}", now)])
        work.record(ItemAdded(item_id=item_id, member_id=actor))
    return item_id


def remove_by_moderator(item_id: str) -> None:
    """The item goes from pages and search; doing it again changes nothing."""
    with unit_of_work() as work:
        removed = db.session.execute(
            update(Item)
            .where(Item.id == item_id, Item.removed_at.is_(None))
            .values(removed_at=clock.now())
        )
        if rows_changed(removed):
            search_index.remove(KIND, [item_id])
            work.record(ItemRemoved(item_id=item_id))
