"""Terms follow trust: pure decisions."""

from __future__ import annotations

from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.market.terms.values import MAX_STEPS, MAX_WAYS, PERCENTS, Beyond, Choice, Near, Terms


def check_choice(steps: int, ways: int, beyond: str, percent: int, *, verified: bool) -> Choice:
    """Raises `Invalid` for what nobody can choose."""
    if steps not in range(1, MAX_STEPS + 1) or ways not in range(MAX_WAYS + 1):
        raise Invalid("Choose how close buyers need to be.", code="bad_terms")
    if beyond not in list(Beyond) or percent not in PERCENTS:
        raise Invalid("Choose what you ask of people farther away.", code="bad_terms")
    return Choice(steps=steps, ways=ways, beyond=Beyond(beyond), percent=percent, verified=verified)


def terms_for(distance: int | None, ways: int, choice: Choice) -> Terms:
    """`distance` and `ways` lead from the seller to the buyer: whom the seller trusts, not who trusts the seller."""
    by_ways = bool(choice.ways) and ways >= choice.ways
    if distance is not None and (distance <= choice.steps or by_ways):
        return Terms(near=Near.NEAR, distance=distance, ways=ways)
    missing = choice.ways - ways if choice.ways else None
    return Terms(
        near=Near.STRANGER if distance is None else Near.BEYOND,
        distance=distance,
        ways=ways,
        percent=choice.percent if choice.beyond is Beyond.DEPOSIT else 0,
        in_person=choice.beyond is not Beyond.PREPAY,
        verified=choice.verified and distance is None,
        ways_missing=missing if choice.beyond is not Beyond.NOTHING else None,
    )


def deposit_of(terms: Terms, price: Money) -> Money | None:
    """Rounded up to a whole minor unit; none of what costs nothing."""
    minor = -(-price.minor * terms.percent // 100)
    return Money(minor, price.currency) if minor else None
