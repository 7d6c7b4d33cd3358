"""What is shown first: order of endorsements, what they weigh, and suggestions from three sides."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graph
from graph import GraphError
from graph.ranking import (
    EVERYBODY,
    PRIOR_SPEAKERS,
    TASTE,
    TRUST,
    Mixture,
    TasteModel,
    Word,
    endorsement_rank,
    endorsement_weight,
    freshness,
    support,
)

trust = st.floats(0, 1)
age = st.floats(0, 1e5)


@given(trust, trust, age, age, st.sampled_from(["gifted", "paid"]), st.sampled_from(["recommend", "neutral", "avoid"]))
def test_what_was_paid_for_never_stands_above_what_was_not(
    one: float, other: float, old: float, older: float, disclosure: str, stance: str
) -> None:
    free = endorsement_rank(one, age_days=old)
    bought = endorsement_rank(other, stance=stance, age_days=older, verified=True, disclosure=disclosure)
    assert free < bought


@given(trust, age)
def test_trust_freshness_and_a_seen_purchase_move_it_up(score: float, old: float) -> None:
    plain = endorsement_weight(score, age_days=old)
    assert endorsement_weight(score, age_days=old, verified=True) >= plain
    assert endorsement_weight(score, age_days=old + 100) <= plain
    assert endorsement_weight(min(1.0, score + 0.1), age_days=old) >= plain
    assert endorsement_weight(score, age_days=old, stance="neutral") <= plain
    assert plain >= score * 0.5


def test_an_endorsement_from_tomorrow_is_new() -> None:
    assert freshness(-3.0) == 1.0


def test_support_knows_warnings_and_ignores_what_was_paid_for() -> None:
    assert support([]) == 0.0
    assert support([Word(0.5, "neutral"), Word(0.9, disclosure="gifted")]) == 0.0
    assert support([Word(0.2), Word(0.3, "avoid")]) < 0


@pytest.mark.parametrize(
    "wrong", [{"stance": "loves"}, {"disclosure": "maybe"}, {"trust": -0.1}, {"trust": float("nan")}]
)
def test_wrong_words_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(GraphError):
        endorsement_rank(**{"trust": 0.1, **wrong})
    with pytest.raises(GraphError):
        support([Word(**{"trust": 0.1, **wrong})])


@pytest.fixture(scope="module")
def model() -> TasteModel:
    """Two tastes: even members like items 100 to 109, odd ones 200 to 209; member 50 likes what nobody else does."""
    pairs = [(m, (100 if m % 2 == 0 else 200) + i) for m in range(20) for i in range(10) if (m // 2 + i) % 3]
    pairs += [(50, 300), (50, 301)]
    members, items = zip(*pairs, strict=True)
    return TasteModel(members, items)


def test_a_newcomer_gets_what_the_circle_recommends(model: TasteModel) -> None:
    found = model.recommend([], {50: 0.5})
    assert {one.item for one in found[:2]} == {300, 301}
    assert found[0].side == TRUST
    assert not found[2:], "nobody is vetted, so nothing fills the circle up"
    assert model.recommend([], {}) == []


def test_taste_leads_to_what_the_like_minded_recommend(model: TasteModel) -> None:
    found = model.recommend([100, 101, 102, 103, 104], {}, top=5)
    assert all(105 <= one.item <= 109 for one in found)
    assert found[0].side == TASTE


def test_what_is_mine_or_seen_is_not_suggested(model: TasteModel) -> None:
    found = model.recommend([100, 101], {50: 1.0}, top=1000, seen=[300, 777_777])
    assert not {100, 101, 300} & {one.item for one in found}
    assert len({one.item for one in found}) == len(found)


def test_scores_fall_and_are_the_sum_of_their_sides(model: TasteModel) -> None:
    found = model.recommend([100], {50: 0.2, 3: 0.1}, top=30)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        parts = {TRUST: one.trust, TASTE: one.taste, EVERYBODY: one.everybody}
        assert one.score == pytest.approx(sum(parts.values()))
        assert max(parts, key=lambda side: parts[side]) == one.side


def test_a_warning_of_the_circle_holds_back() -> None:
    model = TasteModel([1, 2, 3, 4], [7, 7, 7, 8], [1, 1, -1, 1])
    assert model.recommend([], {3: 0.9, 1: 0.1}, mixture=Mixture(1, 0, 0)) == []
    assert model.recommend([], {3: 0.1, 1: 0.9}, mixture=Mixture(1, 0, 0))[0].item == 7


liked = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 5)), min_size=1, max_size=30)
held = st.dictionaries(st.integers(0, 9), st.floats(1e-6, 1.0), max_size=8)


@given(liked, held, st.none() | st.dictionaries(st.integers(0, 9), st.floats(0.01, 1.0)))
def test_a_thin_circle_is_filled_up_by_the_vetted(
    pairs: set[tuple[int, int]], circle: dict[int, float], heard: dict[int, float] | None
) -> None:
    members, items = zip(*sorted(pairs), strict=True)
    model = TasteModel(members, items, heard=heard)
    sides = model.sides(np.zeros(0, np.int64), circle)
    speakers = {who: p for who, p in circle.items() if who in members}
    mass = sum(speakers.values())
    n = mass**2 / sum(p**2 for p in speakers.values()) if speakers else 0.0
    assert n <= len(speakers) + 1e-9
    voices = {who: voice for who, voice in (heard or {}).items() if who in members}
    expected = []
    for item in model.likes.items.tolist():
        said = sum(p for who, p in speakers.items() if (who, item) in pairs) / mass if speakers else 0.0
        vetted = sum(voice for who, voice in voices.items() if (who, item) in pairs) / (sum(voices.values()) or 1.0)
        expected.append((said * n + PRIOR_SPEAKERS * vetted) / (n + PRIOR_SPEAKERS))
    top = max(expected) or 1.0
    assert sides.trust.tolist() == pytest.approx([one / top for one in expected], abs=1e-5)
    assert (sides.filled <= sides.trust).all()
    assert heard or not sides.filled.any()


def test_who_speaks_for_a_filled_up_circle_is_said() -> None:
    model = TasteModel([1, 2, 2, 3], [7, 7, 8, 9], heard={1, 2})
    sides = {one.item: one.side for one in model.recommend([], {3: 0.5})}
    assert sides == {7: EVERYBODY, 8: EVERYBODY, 9: TRUST}


def test_a_crowd_without_standing_pushes_nothing() -> None:
    honest = [(m, i) for m in range(30) for i in (m % 5, (m + 1) % 5)]
    crowd = [(1000 + m, item) for m in range(500) for item in (0, 1, 2, 99)]
    members, items = zip(*honest, *crowd, strict=True)
    everybody = TasteModel(members, items)
    careful = TasteModel(members, items, heard=set(range(30)))
    nobody = TasteModel(members, items, heard={})
    assert 99 in {one.item for one in everybody.recommend([0, 1], {})}
    assert nobody.recommend([0, 1], {}) == []
    assert 99 not in {one.item for one in careful.recommend([0, 1], {})}
    assert 99 in {one.item for one in careful.recommend([0, 1], {1000: 0.1})}  # who trusts one of them, hears one


def test_what_is_recommended_lately_counts_more() -> None:
    year = 365 * 86_400.0
    model = TasteModel([1, 2, 3], [7, 7, 8], None, [0.0, 0.0, 3 * year])
    popular = Mixture(0, 0, 1)
    assert model.recommend([], {}, mixture=popular)[0].item == 8
    assert TasteModel([1, 2, 3], [7, 7, 8]).recommend([], {}, mixture=popular)[0].item == 7


def test_nothing_is_known() -> None:
    empty = TasteModel([], [])
    assert empty.recommend([1, 2], {3: 0.5}) == []
    assert TasteModel([1], [2], [-1]).recommend([], {}) == []
    assert TasteModel([1], [2]).recommend([2], {9: 0.1}, top=0) == []


@pytest.mark.parametrize(
    "columns",
    [
        ([1], [1, 2]),
        (["a"], [1]),
        ([1], [1], [float("nan")]),
        ([1], [1], [1], [float("inf")]),
        ([2**70], [1]),
        ([1], [1], ["x"]),
    ],
)
def test_wrong_columns_are_refused(columns: Any) -> None:
    with pytest.raises(GraphError):
        TasteModel(*columns)


def test_large_numbers_for_ids() -> None:
    model = TasteModel(np.array([2**40, 2**41]), np.array([2**50, 2**51]))
    assert model.recommend([2**50], {2**41: 0.3})[0].item == 2**51


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ("graph", "numba scipy networkx numpy"),
        ("graph.ranking, graph.standing, graph.store.ties", "numba scipy networkx implicit pandas"),
        ("graph.rings", "numba scipy"),
    ],
)
def test_an_import_loads_only_what_is_needed(modules: str, unwanted: str) -> None:
    seen = f"import sys, {modules}; sys.exit(' '.join(set({unwanted.split()}) & set(sys.modules)) or None)"
    subprocess.run([sys.executable, "-c", seen], check=True)


def test_names_that_load_later_are_there() -> None:
    assert [getattr(graph, name).__name__ for name in graph.__all__ if name != "Id"]
    assert [hasattr(graph.ranking, name) for name in graph.ranking.__all__].count(False) == 0
    with pytest.raises(AttributeError):
        graph.nothing  # noqa: B018 - what is asked for is the point
