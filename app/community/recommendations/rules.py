"""How endorsements are ordered, and what may be said."""

from __future__ import annotations

import math
from datetime import timedelta

from app.community.recommendations.values import MAX_PHOTOS, OWN_SCALE, Disclosure
from app.kernel.errors import Invalid
from graph.ranking import endorsement_rank


def rank(
    score: float, disclosure: str, member_id: int, *, stance: str, verified: bool, age: timedelta
) -> tuple[int, float, int]:
    """A sort key, best first, by the weights of `graph.ranking`.

    What was paid for or gifted never ranks as what was not.
    """
    apart, light = endorsement_rank(
        score,
        stance=stance,
        age_days=age / timedelta(days=1),
        verified=verified,
        disclosure=disclosure,
    )
    return apart, light, member_id


def rating_fits(rating: float | None) -> bool:
    """Whether it lies on our own scale; none at all does."""
    low, high = OWN_SCALE
    return rating is None or (math.isfinite(rating) and low <= rating <= high)


def must_disclose(disclosure: str, *, tied: bool) -> bool:
    """Who is tied to a seller may not pass over what they get."""
    return tied and disclosure == Disclosure.NONE


def check_photo_count(number: int) -> None:
    """Raises `Invalid` when there are too many."""
    if number > MAX_PHOTOS:
        raise Invalid("A recommendation can have up to %(most)s photos.", code="too_many_photos", most=MAX_PHOTOS)
