"""Who stands first among the trusted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.community.recommendations.rules import rank

SAID = st.tuples(
    st.floats(0, 1), st.sampled_from(["none", "gifted", "paid"]), st.integers(1, 50)
)


@given(st.lists(SAID, max_size=20))
def test_nothing_paid_or_gifted_stands_before_what_is_not(said: list[tuple[float, str, int]]) -> None:
    ordered = sorted(said, key=lambda one: rank(*one))
    free = [disclosure == "none" for _score, disclosure, _who in ordered]
    assert free == sorted(free, reverse=True)


@given(st.lists(SAID, max_size=20, unique_by=lambda one: one[2]), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_arrival(
    said: list[tuple[float, str, int]], chance: object
) -> None:
    shuffled = said[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(said, key=lambda one: rank(*one)) == sorted(
        shuffled, key=lambda one: rank(*one)
    )
    free = [score for score, disclosure, _ in sorted(said, key=lambda o: rank(*o)) if disclosure == "none"]
    assert free == sorted(free, reverse=True)
