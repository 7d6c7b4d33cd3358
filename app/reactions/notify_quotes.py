"""An author learns who would like to quote them, and the merchant what they answered."""

from __future__ import annotations

from app.community.recommendations.queries import get_recommendation_view
from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.kernel.subjects import Subject
from app.marketing.testimonials.events import QuoteAllowed, QuoteAsked, QuoteDeclined, QuoteWithdrawn
from app.merchants.stores.queries import get_store
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import TESTIMONIAL
from app.platform.event_log import Start

NAME = "notify_quotes"
STARTS = Start.HEAD
LISTENS_TO = (QuoteAsked, QuoteAllowed, QuoteDeclined, QuoteWithdrawn)


def react(event: Event, event_id: EventId) -> None:
    """Each step is told once; what is gone meanwhile is no news."""
    if not isinstance(event, LISTENS_TO):
        return
    try:
        owner = get_store(event.store_id).owner_id
        title = get_recommendation_view(None, event.recommendation_id).item_title
    except NotFound:
        return
    asked = isinstance(event, QuoteAsked)
    notify(
        event.author_id if asked else owner,
        TESTIMONIAL,
        Subject("testimonial", event.testimonial_id),
        key=f"testimonial:{event_id}",
        actor_id=owner if asked else event.author_id,
        data={"title": title, "url": "/quotes" if asked else "/store/quotes"},
    )
