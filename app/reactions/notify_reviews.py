"""The two of an order hear that a review can be read, that it was answered, that the time for theirs runs out."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId, MemberId, OrderId, ReviewId
from app.kernel.subjects import Subject
from app.market.orders.queries import KIND as ORDER
from app.market.orders.queries import title_of
from app.market.reviews.events import (
    RecoveryDone,
    RecoveryOffered,
    ReviewAnswered,
    ReviewReminder,
    ReviewUncovered,
    ReviewUpdated,
)
from app.market.reviews.queries import KIND as REVIEWS
from app.market.reviews.queries import find_row
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import REVIEW, REVIEW_DUE, REVIEW_REPLY
from app.platform.event_log import Start

NAME = "notify_reviews"
STARTS = Start.HEAD
LISTENS_TO = (ReviewUncovered, ReviewUpdated, ReviewAnswered, RecoveryOffered, RecoveryDone, ReviewReminder)


def react(event: Event, event_id: EventId) -> None:
    """Each is told once, of what somebody else has done."""
    match event:
        case ReviewUncovered() | ReviewUpdated():
            _tell(REVIEW, event.review_id, event.about_id, event.author_id, event_id)
        case ReviewAnswered() | RecoveryOffered() | RecoveryDone():
            _tell(REVIEW_REPLY, event.review_id, event.author_id, event.about_id, event_id)
        case ReviewReminder():
            _remind(event.order_id, event.member_id, event.other_id, event_id)


def _tell(kind: str, review_id: ReviewId, member_id: MemberId, by: MemberId, event_id: EventId) -> None:
    row = find_row(review_id)
    title = title_of(row.order_id) if row is not None else None
    if title is None:
        return
    notify(
        member_id,
        kind,
        Subject(REVIEWS, review_id),
        key=f"{kind}:{review_id}:{event_id}",
        actor_id=by,
        data={"title": title, "url": f"/reviews/{review_id}"},
    )


def _remind(order_id: OrderId, member_id: MemberId, other_id: MemberId, event_id: EventId) -> None:
    title = title_of(order_id)
    if title is None:
        return
    notify(
        member_id,
        REVIEW_DUE,
        Subject(ORDER, order_id),
        key=f"{REVIEW_DUE}:{order_id}:{event_id}",
        actor_id=other_id,
        data={"title": title, "url": f"/orders/{order_id}/review"},
    )
