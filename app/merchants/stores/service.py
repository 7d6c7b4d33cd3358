"""Opening a store and filling its shelves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.community.items.queries import get_item
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.ids import ItemId, MemberId, StoreId, new_id
from app.kernel.money import Money
from app.kernel.titles import is_title
from app.market.listings.values import HIGHEST_MAJOR
from app.merchants.stores import rules
from app.merchants.stores.events import (
    ProductOffered,
    ProductWithdrawn,
    StoreClosed,
    StoreOpened,
    StoreReopened,
)
from app.merchants.stores.models import Product, Store
from app.merchants.stores.queries import get_store
from app.merchants.stores.values import MAX_ABOUT_LENGTH, MAX_NAME_LENGTH, StoreDraft
from app.people.accounts.queries import require_role
from app.people.accounts.service import check_name
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.markup import clean_line, clean_text
from app.platform.sql import insert_into, insert_or_ignore, transition
from app.platform.subjects import Ruling, Taken

MERCHANT = "merchant"


def open_store(actor: MemberId, *, name: str, slug: str, about: str = "") -> StoreId:
    """A merchant's one store; answers its id. Raises `Invalid`, `Conflict` or `Forbidden`."""
    name, about, slug = _name(name), _about(about), rules.check_slug(slug)
    store_id = StoreId(new_id())
    with unit_of_work() as work:
        require_role(actor, MERCHANT)
        row = {"id": store_id, "owner_id": actor, "slug": slug, "name": name, "about": about}
        if not insert_or_ignore(Store, {**row, "opened_at": clock.now()}):
            raise Conflict("You already have a store, or the address is taken.", code="taken")
        work.record(StoreOpened(store_id=store_id, owner_id=actor))
    return store_id


def edit_store(actor: MemberId, store_id: StoreId, *, name: str, about: str) -> None:
    """The owner changes what the store says of itself."""
    change_store(actor, store_id, lambda _now: StoreDraft(name=name, about=about))


def change_store(actor: MemberId, store_id: StoreId, change: Callable[[StoreDraft], StoreDraft]) -> None:
    """Change what the store says of itself; `change` gets the words as they are now, held until the commit."""
    with unit_of_work():
        _require_owner(actor, store_id)
        row = db.session.get_one(Store, store_id, populate_existing=True, with_for_update={"key_share": True})
        wanted = change(StoreDraft(name=row.name, about=row.about))
        row.name, row.about = _name(wanted.name), _about(wanted.about)


def add_product(actor: MemberId, store_id: StoreId, item_id: ItemId, price_minor: int, currency: str) -> None:
    """Put an item on sale, or change its price."""
    price = Money(price_minor, currency)
    if price.minor < 0:
        raise Invalid("A price can’t be negative.", code="bad_price")
    if price.major > HIGHEST_MAJOR:
        raise Invalid("This price is too high.", code="bad_price")
    with unit_of_work() as work:
        _require_owner(actor, store_id)
        get_item(item_id)
        values: dict[str, Any] = {"price_minor": price.minor, "currency": price.currency}
        db.session.execute(
            insert_into(Product)
            .values(store_id=store_id, item_id=item_id, added_at=clock.now(), **values)
            .on_conflict_do_update(index_elements=["store_id", "item_id"], set_=values)
        )
        work.record(
            ProductOffered(store_id=store_id, item_id=item_id, price_minor=price.minor, currency=price.currency)
        )


def remove_product(actor: MemberId, store_id: StoreId, item_id: ItemId) -> None:
    """Take an item off the shelves."""
    with unit_of_work() as work:
        _require_owner(actor, store_id)
        gone = db.session.execute(delete(Product).where(Product.store_id == store_id, Product.item_id == item_id))
        if rows_changed(gone):
            work.record(ProductWithdrawn(store_id=store_id, item_id=item_id))


def follow_merge(gone_id: ItemId, kept_id: ItemId) -> None:
    """Two items became one: what was on sale under the old one is now under the other.

    A store that sells both keeps the price of the one that stayed.
    """
    here = select(Product.store_id).where(Product.item_id == kept_id)
    with unit_of_work() as work:
        moved = db.session.execute(
            update(Product)
            .where(Product.item_id == gone_id, Product.store_id.not_in(here))
            .values(item_id=kept_id)
            .returning(Product.store_id, Product.price)
            .execution_options(synchronize_session=False)
        ).all()
        doubled = db.session.scalars(
            delete(Product)
            .where(Product.item_id == gone_id)
            .returning(Product.store_id)
            .execution_options(synchronize_session=False)
        ).all()
        # Whoever counts or discloses by what a store sells hears of it as of any other change.
        for row in moved:
            work.record(
                ProductOffered(
                    store_id=row.store_id,
                    item_id=kept_id,
                    price_minor=row.price.minor,
                    currency=row.price.currency,
                )
            )
        for store_id in [*(row.store_id for row in moved), *doubled]:
            work.record(ProductWithdrawn(store_id=store_id, item_id=gone_id))


def remove(store_id: StoreId, _ruling: Ruling) -> Taken | None:
    """Close the store after a moderator's decision; doing it again changes nothing."""
    now = clock.now()
    with unit_of_work() as work:
        if not transition(Store, {"id": store_id, "closed_at": None}, {"closed_at": now}):
            return None
        work.record(StoreClosed(store_id=store_id))
    return {"at": now.isoformat()}


def restore(store_id: StoreId, ruling: Ruling) -> None:
    """Open again what a decision closed."""
    closed = {"id": store_id, "closed_at": datetime.fromisoformat(ruling.taken["at"])}
    with unit_of_work() as work:
        if transition(Store, closed, {"closed_at": None}):
            work.record(StoreReopened(store_id=store_id))


def _require_owner(actor: MemberId, store_id: StoreId) -> None:
    require_role(actor, MERCHANT)
    if not rules.may_manage(actor, get_store(store_id).owner_id):
        raise Forbidden("This is not your store.")


def _name(name: str) -> str:
    name = clean_line(name, MAX_NAME_LENGTH)
    if not is_title(name):
        raise Invalid("Enter a name for the store.", code="missing_name")
    check_name(name)
    return name


def _about(text: str) -> str:
    return clean_text(text, MAX_ABOUT_LENGTH)
