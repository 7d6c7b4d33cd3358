"""Stores as things that can be recommended, and what becomes of the item that stands for one."""

from __future__ import annotations

from app.community.subject_items.service import put_away
from app.community.subject_items.values import Recommendable
from app.kernel.errors import N_
from app.kernel.events import Event
from app.kernel.subjects import Subject
from app.merchants.stores.events import StoreClosed
from app.merchants.stores.queries import get_store
from app.platform.subjects import require_visible

KIND = "store"


def describe(store_id: str, viewer_id: int | None) -> Recommendable:
    """The store itself is the party to which its advocates are tied."""
    require_visible(viewer_id, Subject(KIND, store_id), N_("There is no such store."))
    store = get_store(store_id)
    return Recommendable(
        title=store.name,
        category="",
        photo_id=None,
        url=store.url,
        owner_id=store.owner_id,
        party=Subject(KIND, store_id),
    )


def react(event: Event, _event_id: int) -> None:
    """A closed store takes what was said of it along."""
    if isinstance(event, StoreClosed):
        put_away(Subject(KIND, event.store_id))
