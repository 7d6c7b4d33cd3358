"""What happens to reviews."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId, OrderId, ReviewId


@dataclass(frozen=True, kw_only=True)
class ReviewWritten(Event):
    """One of the two has reviewed the other; nobody else sees it yet."""

    review_id: ReviewId
    order_id: OrderId
    author_id: MemberId
    about_id: MemberId


@dataclass(frozen=True, kw_only=True)
class ReviewUncovered(Event):
    """Both have written, or the time is over: everybody sees it from now on."""

    review_id: ReviewId
    order_id: OrderId
    author_id: MemberId
    about_id: MemberId
    stars: int


@dataclass(frozen=True, kw_only=True)
class ReviewReminder(Event):
    """The member has not written yet, and so many days are left."""

    order_id: OrderId
    member_id: MemberId
    other_id: MemberId
    days: int


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(Event):
    """The reviewed person answered."""

    review_id: ReviewId
    author_id: MemberId
    about_id: MemberId


@dataclass(frozen=True, kw_only=True)
class RecoveryOffered(Event):
    """The reviewed person offers to put it right."""

    review_id: ReviewId
    author_id: MemberId
    about_id: MemberId


@dataclass(frozen=True, kw_only=True)
class RecoveryDone(Event):
    """They say that it is put right: the author may say it anew."""

    review_id: ReviewId
    author_id: MemberId
    about_id: MemberId


@dataclass(frozen=True, kw_only=True)
class ReviewUpdated(Event):
    """The author said it anew after it was put right."""

    review_id: ReviewId
    order_id: OrderId
    author_id: MemberId
    about_id: MemberId
    stars: int


@dataclass(frozen=True, kw_only=True)
class ReviewRemoved(Event):
    """A moderator took it away."""

    review_id: ReviewId
    author_id: MemberId
    about_id: MemberId


@dataclass(frozen=True, kw_only=True)
class SatisfactionAsked(Event):
    """A while has passed: is the buyer still happy with it?"""

    order_id: OrderId
    buyer_id: MemberId
    seller_id: MemberId
