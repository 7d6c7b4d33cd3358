"""Where evidence of a purchase stands behind it, a recommendation is marked, whichever came first."""

from __future__ import annotations

from app.community.purchases.events import (
    PurchaseConfirmed,
    PurchaseDeclined,
    PurchaseEvidenced,
    PurchaseEvidenceWithdrawn,
)
from app.community.recommendations.events import RecommendationGiven
from app.community.recommendations.service import mark_purchase
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.platform.event_log import Start

NAME = "purchase_evidence"
STARTS = Start.BEGINNING
LISTENS_TO = (
    PurchaseEvidenced,
    PurchaseEvidenceWithdrawn,
    PurchaseConfirmed,
    PurchaseDeclined,
    RecommendationGiven,
)


def react(event: Event, _event_id: EventId) -> None:
    """The mark follows what the tables say now, so the order of events does not matter."""
    if isinstance(event, LISTENS_TO):
        mark_purchase(event.member_id, event.item_id)
