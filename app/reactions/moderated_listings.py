"""When a moderator removed a listing, it goes from the market."""

from __future__ import annotations

from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.market.listings.queries import get_listing
from app.market.listings.service import remove_by_moderator
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.values import Evidence


def describe(listing_id: str, viewer_id: int | None) -> Evidence | None:
    """The listing as the viewer sees it."""
    try:
        found = get_listing(viewer_id, listing_id)
    except NotFound:
        return None
    return Evidence(
        title=found.card.title,
        excerpt=found.description,
        url=found.card.url,
        author_id=found.card.seller.id,
    )


def react(event: Event, _event_id: int) -> None:
    """Removing twice changes nothing."""
    if isinstance(event, ReportDecided) and event.removes("listing"):
        remove_by_moderator(event.subject_id)
