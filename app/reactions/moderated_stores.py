"""When a moderator removed a store, it closes."""

from __future__ import annotations

from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.merchants.stores.queries import get_store
from app.merchants.stores.service import remove_by_moderator
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.values import Evidence


def describe(store_id: str, _viewer_id: int | None) -> Evidence | None:
    """The store as everybody sees it."""
    try:
        store = get_store(store_id)
    except NotFound:
        return None
    return Evidence(title=store.name, excerpt=store.about, url=store.url, author_id=store.owner_id)


def react(event: Event, _event_id: int) -> None:
    """Removing twice changes nothing."""
    if isinstance(event, ReportDecided) and event.removes("store"):
        remove_by_moderator(event.subject_id)
