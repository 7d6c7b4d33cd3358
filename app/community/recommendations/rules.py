"""How endorsements are ordered, and what may be said."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Final

from app.community.recommendations.values import MAX_PHOTOS, OWN_SCALE, Disclosure, Stance, Word
from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from graph.ranking import APART, FADES, endorsement_rank, endorsement_weight

# What a word of each kind weighs by one whole trust when it is new, and what age leaves of it at least.
_NEW: Final = {
    (stance.value, verified): endorsement_weight(1.0, stance=stance.value, verified=verified)
    for stance in Stance
    for verified in (False, True)
}
_LASTS: Final = (1.0 - FADES) * (1.0 - 1e-9)


def rank(
    score: float, disclosure: str, member_id: MemberId, *, stance: str, verified: bool, age: timedelta
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


def best(
    words: Iterable[Word], scores: Mapping[MemberId, float], most: int, age: Callable[[Word], timedelta]
) -> list[Word]:
    """The `most` words that `rank` puts first, in its order.

    Age takes half of a weight at most, so only what would be among the first with all of its weight, beside
    the others with half of theirs, is asked for its age: a few of the hundreds of a circle.
    """
    lightest = sorted(
        (APART[one.disclosure], -scores[one.member_id] * _NEW[one.stance, one.verified], one) for one in words
    )
    if len(lightest) > most:
        apart, light, _word = lightest[most - 1]
        last = (apart, light * _LASTS)
        lightest = [one for one in lightest if one[:2] <= last]
    ranked = sorted(
        (
            rank(
                scores[one.member_id],
                one.disclosure,
                one.member_id,
                stance=one.stance,
                verified=bool(one.verified),
                age=age(one),
            ),
            one,
        )
        for _apart, _light, one in lightest
    )
    return [one for _rank, one in ranked[:most]]


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
