"""A buyer learns that a store asks whether they bought something; an answer or a withdrawal ends the question."""

from __future__ import annotations

from app.community.purchases.events import (
    PurchaseClaimed,
    PurchaseConfirmed,
    PurchaseDeclined,
    PurchaseEvidenceWithdrawn,
)
from app.community.purchases.queries import asked_by
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.kernel.subjects import Subject
from app.notifications.inbox.service import notify, withdraw
from app.notifications.kinds.values import PURCHASE
from app.platform.event_log import Start

NAME = "notify_purchases"
STARTS = Start.HEAD
LISTENS_TO = (PurchaseClaimed, PurchaseConfirmed, PurchaseDeclined, PurchaseEvidenceWithdrawn)


def react(event: Event, _event_id: EventId) -> None:
    """Asked once for each record, however often it is recorded."""
    if not isinstance(event, LISTENS_TO):
        return
    about = Subject("purchase", event.evidence_id)
    asked = asked_by(event.evidence_id)
    if asked is None:
        withdraw(PURCHASE, about, [event.member_id], {})
    elif isinstance(event, PurchaseClaimed):
        store_keeper, title = asked
        notify(
            event.member_id,
            PURCHASE,
            about,
            key=f"purchase:{event.evidence_id}",
            actor_id=store_keeper,
            data={"title": title, "url": "/purchases"},
        )
