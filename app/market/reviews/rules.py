"""What a review may say, who may write one, and what comes when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from app.kernel.errors import Conflict, Forbidden, Invalid
from app.market.orders.values import REVIEW_FOR, Delivery, Stage, Who
from app.market.reviews.values import BAD, BEST, MAX_PHOTOS, Part, ReviewDraft, Time

# Then whatever was written is shown.
OPEN_FOR: Final = REVIEW_FOR
# What the clock does, so long after an order is completed, in this order.
TIMES: Final[Mapping[Time, timedelta]] = {
    Time.REMIND_WEEK: OPEN_FOR - timedelta(days=7),
    Time.REMIND_DAY: OPEN_FOR - timedelta(days=1),
    Time.UNCOVER: OPEN_FOR,
    Time.HAPPY: timedelta(days=30),
}
_IN_TURN: Final = tuple(TIMES)
_RATED_BY: Final[Mapping[Who, tuple[Part, ...]]] = {
    Who.BUYER: (Part.DESCRIBED, Part.COMMUNICATION, Part.PUNCTUAL, Part.PACKAGING),
    Who.SELLER: (Part.COMMUNICATION, Part.PUNCTUAL),
}


def parts_for(role: Who, delivery: Delivery) -> tuple[Part, ...]:
    """What the author rates one by one; only what was sent has been packed."""
    return tuple(one for one in _RATED_BY[role] if one is not Part.PACKAGING or delivery is Delivery.SHIP)


def check_draft(draft: ReviewDraft, parts: tuple[Part, ...]) -> dict[str, int | None]:
    """The parts that count; raises `Invalid`."""
    if not _is_rating(draft.stars):
        raise Invalid("Choose 1 to 5 stars.", code="bad_stars")
    for value in draft.parts.values():
        if value is not None and not _is_rating(value):
            raise Invalid("Choose 1 to 5 for each detail, or leave it out.", code="bad_stars")
    return {one.value: draft.parts.get(one.value) if one in parts else None for one in Part}


def _is_rating(value: object) -> bool:
    return type(value) is int and 1 <= value <= BEST


def check_photo_count(number: int) -> None:
    if number > MAX_PHOTOS:
        raise Invalid("You can add up to %(number)s photos.", code="too_many_photos", number=MAX_PHOTOS)


def check_open(stage: Stage, completed_at: datetime, now: datetime) -> None:
    """Raises unless one of the two can write at this moment."""
    if stage is not Stage.COMPLETED:
        raise Conflict("You can review an order once it is completed.", code="not_now")
    if now >= completed_at + OPEN_FOR:
        raise closed()


def closed() -> Conflict:
    return Conflict("The time for reviewing this order is over.", code="review_closed")


def time_at(done: int) -> Time | None:
    """What the clock does next when so many are behind."""
    return _IN_TURN[done] if done < len(_IN_TURN) else None


def next_at(opened_at: datetime, done: int) -> datetime | None:
    """When it does."""
    due = time_at(done)
    return opened_at + TIMES[due] if due else None


def days_left(time: Time) -> int:
    """What a reminder says."""
    return (OPEN_FOR - TIMES[time]).days


def is_recoverable(stars: int, role: Who) -> bool:
    """Only what a buyer was unhappy with is put right."""
    return role is Who.BUYER and stars <= BAD


def check_recoverable(stars: int, role: Who) -> None:
    """Raises unless it is something to put right."""
    if not is_recoverable(stars, role):
        raise Forbidden("Only a review of 1 or 2 stars by a buyer can be put right.", code="not_bad")
