"""What becomes an edge of the trust graph."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.trust.circle.rules import (
    ABSENT,
    BLOCK,
    DISTRUST,
    REFERRAL,
    REFERRAL_WEIGHT,
    TRADE,
    UPHELD,
    VOUCH,
    Strand,
    Tie,
    weigh,
)
from app.trust.vouches.values import topic_key
from graph.store.ties import trade_strength

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PEOPLE = st.integers(1, 6)
# A machine that is busy with other tests is no fault of the rules.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ENDS = st.sampled_from([None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)])


@st.composite
def ties(draw: st.DrawFn) -> Tie:
    a = draw(PEOPLE)
    b = draw(PEOPLE.filter(lambda one: one != a))
    kind = draw(st.sampled_from([VOUCH, VOUCH, VOUCH, REFERRAL, TRADE, DISTRUST, BLOCK, UPHELD, ABSENT]))
    if kind == ABSENT:
        return Tie(ABSENT, a, a, 0.0, draw(ENDS))
    if kind == TRADE:
        return Tie(TRADE, a, b, draw(st.integers(1, 9)))
    if kind != VOUCH:
        return Tie(kind, a, b)
    topic = draw(st.sampled_from([None, None, "bicycles"]))
    return Tie(VOUCH, a, b, draw(st.sampled_from([0.3, 0.6, 1.0])), draw(ENDS), topic)


def counts(tie: Tie) -> bool:
    return tie.until is None or tie.until > NOW


@patient
@given(st.lists(ties(), max_size=25))
def test_the_edge_is_the_strongest_tie_that_nothing_takes_away(rows: list[Tie]) -> None:
    found = weigh(rows, NOW)
    absent = {t.source for t in rows if t.kind == ABSENT and counts(t)}
    blocked = {frozenset((t.source, t.target)) for t in rows if t.kind == BLOCK}
    distrusted = {(t.source, t.target) for t in rows if t.kind == DISTRUST}
    for a in range(1, 7):
        for b in range(1, 7):
            if a == b:
                continue
            strengths = (
                [t.weight * (0.5 if t.topic else 1.0) for t in rows if t[:3] == (VOUCH, a, b) and counts(t)]
                + [REFERRAL_WEIGHT for t in rows if t.kind == REFERRAL and {t.source, t.target} == {a, b}]
                + [trade_strength(int(t.weight)) for t in rows if t[:3] == (TRADE, a, b)]
            )
            gone = bool({a, b} & absent) or frozenset((a, b)) in blocked or (a, b) in distrusted or not strengths
            assert found.weights.get((a, b)) == (None if gone else max(strengths))


@patient
@given(st.lists(ties(), max_size=25), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows: list[Tie], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    first, second = weigh(rows, NOW), weigh(shuffled, NOW)
    assert first.weights == second.weights
    assert first[1:4] == second[1:4]
    assert sorted(first.ends) == sorted(second.ends)


def test_a_block_hides_both_from_each_other_and_distrust_only_one_way() -> None:
    assert weigh([Tie(BLOCK, 1, 2)], NOW).hidden == {(1, 2), (2, 1)}
    found = weigh([Tie(DISTRUST, 1, 2), Tie(VOUCH, 2, 1, 0.6)], NOW)
    assert found.hidden == {(1, 2)}
    assert found.weights == {(2, 1): 0.6}


def test_what_will_end_is_named() -> None:
    tomorrow = NOW + timedelta(days=1)
    found = weigh([Tie(VOUCH, 1, 2, 0.6, tomorrow), Tie(ABSENT, 3, 3, 0.0, tomorrow)], NOW)
    assert found.ends == [(tomorrow, 3, 3)], "vouches end by themselves, in the graph"
    assert found.made_of == {(1, 2): (Strand(VOUCH, 0.6, None, tomorrow),)}
    assert found.absent == {3}


def test_a_vouch_for_a_topic_counts_half_elsewhere() -> None:
    assert weigh([Tie(VOUCH, 1, 2, 0.6, None, "bicycles")], NOW).weights == {(1, 2): 0.3}


def test_trades_grow_with_repeats_from_a_fifth_to_a_half() -> None:
    grown = [weigh([Tie(TRADE, 1, 2, orders)], NOW).weights[1, 2] for orders in range(1, 40)]
    assert grown[0] == 0.2
    assert grown == sorted(grown)
    assert 0.499 < grown[-1] <= 0.5


def test_an_upheld_report_makes_no_edge_and_takes_none() -> None:
    found = weigh([Tie(UPHELD, 1, 2), Tie(VOUCH, 1, 2, 0.6)], NOW)
    assert found.reported == {(1, 2)}
    assert found.weights == {(1, 2): 0.6}


def test_topics_are_compared_without_case_and_spaces() -> None:
    assert topic_key("  Road\u00a0 BIKES ") == topic_key("road bikes") == "road bikes"
    assert topic_key("") is topic_key(None) is topic_key("  ") is None
