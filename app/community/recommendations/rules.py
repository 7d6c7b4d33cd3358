"""How endorsements are ordered, and what may be said."""

from __future__ import annotations

import math

from app.community.recommendations.values import MOST_PHOTOS, OWN_SCALE, Disclosure
from app.kernel.errors import Invalid


def rank(score: float, disclosure: str, member_id: int) -> tuple[bool, float, int]:
    """A sort key, best first: what was paid for or gifted never ranks as what was not."""
    return disclosure != Disclosure.NONE, -score, member_id


def rank_of_others(disclosure: str, helpful: int, at: float) -> tuple[bool, int, float]:
    """The same for people outside the circle: what helped others first, then the newest."""
    return disclosure != Disclosure.NONE, -helpful, -at


def rating_fits(rating: float | None) -> bool:
    """Whether it lies on our own scale; none at all does."""
    low, high = OWN_SCALE
    return rating is None or (math.isfinite(rating) and low <= rating <= high)


def must_disclose(disclosure: str, *, tied: bool) -> bool:
    """Who is tied to a seller may not pass over what they get."""
    return tied and disclosure == Disclosure.NONE


def check_photo_count(number: int) -> None:
    """Raises `Invalid` when there are too many."""
    if number > MOST_PHOTOS:
        raise Invalid(f"A recommendation can have up to {MOST_PHOTOS} photos.", code="too_many_photos")
