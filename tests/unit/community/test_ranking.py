"""Who stands first among the trusted."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.community.recommendations.rules import best, rank
from app.community.recommendations.values import Word

RecommendationView = tuple[float, str, int, str, bool, int]

SAID = st.tuples(
    st.floats(0, 1),
    st.sampled_from(["none", "gifted", "paid"]),
    st.integers(1, 50),
    st.sampled_from(["recommend", "neutral", "avoid"]),
    st.booleans(),
    st.integers(0, 3000),
)


def key(one: RecommendationView) -> tuple[int, float, int]:
    score, disclosure, who, stance, verified, days = one
    return rank(score, disclosure, who, stance=stance, verified=verified, age=timedelta(days=days))


def plain(
    score: float, who: int = 1, stance: str = "recommend", verified: bool = False, days: int = 0
) -> RecommendationView:
    return score, "none", who, stance, verified, days


@given(st.lists(SAID, max_size=20))
def test_nothing_paid_or_gifted_stands_before_what_is_not(said: list[RecommendationView]) -> None:
    free = [one[1] == "none" for one in sorted(said, key=key)]
    assert free == sorted(free, reverse=True)


@given(st.lists(SAID, max_size=20, unique_by=lambda one: one[2]), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_arrival(said: list[RecommendationView], chance: object) -> None:
    shuffled = said[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random
    assert sorted(said, key=key) == sorted(shuffled, key=key)


def test_trust_stance_freshness_and_a_verified_purchase_make_the_order() -> None:
    assert key(plain(0.2)) < key(plain(0.1))
    assert key(plain(0.1, days=10)) < key(plain(0.1, days=1000))
    assert key(plain(0.1, verified=True)) < key(plain(0.12))
    assert key(plain(0.1, stance="avoid")) < key(plain(0.1, 2, stance="neutral"))
    assert key(plain(0.4, days=3000)) < key(plain(0.1))


@given(st.lists(SAID, max_size=40, unique_by=lambda one: one[2]), st.integers(1, 8))
def test_the_best_are_the_first_of_all_and_few_are_asked_for_their_age(
    said: list[RecommendationView], most: int
) -> None:
    scores = {one[2]: one[0] for one in said}
    days = {one[2]: one[5] for one in said}
    words = [Word(who, stance, disclosure, verified, None) for _score, disclosure, who, stance, verified, _days in said]
    found = best(words, scores, most, lambda word: timedelta(days=days[word.member_id]))
    assert [one.member_id for one in found] == [one[2] for one in sorted(said, key=key)[:most]]


def test_who_is_trusted_far_less_is_not_asked_for_an_age() -> None:
    words = [Word(who, "recommend", "none", False, None) for who in range(1, 101)]
    asked: list[int] = []

    def age(word: Word) -> timedelta:
        asked.append(word.member_id)
        return timedelta(days=7)

    assert best(words, {who: 0.9**who for who in range(1, 101)}, 5, age) == words[:5]
    assert len(asked) < 15
