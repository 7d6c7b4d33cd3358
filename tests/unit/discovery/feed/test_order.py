"""The order of the feed, on plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.discovery.feed.rules import choice_target, in_order, visible, window
from app.discovery.feed.values import (
    CIRCLE,
    EXPLORE,
    Candidate,
    Choice,
    Near,
    Reason,
    Tastes,
    Wishes,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def said(ident: str, author: int = 1, days: float = 0.0, **other: object) -> Candidate:
    plain = Candidate(
        kind="recommendation",
        id=ident,
        author_id=author,
        at=NOW - timedelta(days=days),
        category="bikes",
        stance="recommend",
        item_id=f"item-{ident}",
    )
    return plain._replace(**other)  # type: ignore[arg-type] # the tests name only fields that exist


def order(
    candidates: list[Candidate],
    scores: dict[int, float],
    wishes: Wishes | None = None,
    tastes: Tastes | None = None,
    mode: str = CIRCLE,
) -> list[str]:
    found = in_order(candidates, wishes or Wishes(), scores, tastes or Tastes(), NOW, mode)
    return [one.candidate.id for one in found]


def test_whom_i_trust_more_comes_first() -> None:
    assert order([said("a", 1), said("b", 2)], {1: 0.01, 2: 0.2}) == ["b", "a"]


def test_of_equal_trust_the_newer_comes_first() -> None:
    assert order([said("a", 1, days=3), said("b", 2, days=1)], {1: 0.1, 2: 0.1}) == ["b", "a"]


def test_a_close_friends_old_word_gives_way_to_a_distant_friends_new_one() -> None:
    assert order([said("old", 1, days=60), said("new", 2)], {1: 0.2, 2: 0.02}) == ["new", "old"]


def test_paid_and_gifted_come_after_all_that_was_not() -> None:
    paid = said("paid", 1, disclosure="paid")
    gifted = said("gifted", 1, disclosure="gifted")
    assert order([paid, gifted, said("far", 2, days=300)], {1: 0.9, 2: 0.0001})[0] == "far"


def test_a_verified_purchase_counts_more() -> None:
    assert order([said("a", 1), said("b", 2, verified=True)], {1: 0.1, 2: 0.1}) == ["b", "a"]


def test_nobody_fills_the_page_alone() -> None:
    crowd = [said(f"a{n}", 1, days=n / 100) for n in range(5)]
    assert order([*crowd, said("b", 2, days=0.5)], {1: 0.12, 2: 0.1}).index("b") == 1


def test_less_like_this_and_another_taste_sink() -> None:
    both = [said("bike", 1), said("book", 2, days=1, category="Books")]
    assert order(both, {1: 0.1, 2: 0.1}) == ["bike", "book"]
    assert order(both, {1: 0.1, 2: 0.1}, Wishes(less=frozenset({"bikes"}))) == ["book", "bike"]
    assert order(both, {1: 0.1, 2: 0.1}, Wishes(other_taste=frozenset({1}))) == ["book", "bike"]


def test_explore_takes_candidates_from_trust_and_from_taste() -> None:
    tastes = Tastes({"item-near": Near(0.9, Reason.TASTE, "Liked")})
    found = in_order(
        [said("stranger", 3), said("near", 4), said("friend", 1)], Wishes(), {1: 0.1}, tastes, NOW, EXPLORE
    )
    assert [(one.candidate.id, one.reason) for one in found] == [
        ("friend", Reason.CIRCLE),
        ("near", Reason.TASTE),
        ("stranger", Reason.NEW),
    ]
    assert found[1].because == "Liked"


def test_a_chosen_topic_is_the_reason_where_nobody_is_trusted() -> None:
    [one] = in_order([said("a", 9)], Wishes(topics=frozenset({"bikes"})), {}, Tastes(), NOW, EXPLORE)
    assert (one.reason, one.because) == (Reason.TOPIC, "bikes")


def test_without_personalisation_only_time_counts() -> None:
    off = Wishes(personal=False, topics=frozenset({"bikes"}), less=frozenset({"bikes"}))
    both = [said("friend", 1, days=2), said("stranger", 2, days=1, disclosure="paid")]
    assert order(both, {1: 0.9}, off, Tastes({"item-friend": Near(1.0, Reason.POPULAR)})) == ["stranger", "friend"]


def test_hidden_entries_and_unseen_people_are_left_out() -> None:
    wishes = Wishes(hidden=frozenset({"recommendation:a"}), unseen=frozenset({2}))
    assert [one.id for one in visible([said("a", 1), said("b", 2), said("c", 3)], wishes)] == ["c"]


@given(st.lists(st.integers(0, 30), min_size=0, max_size=40), st.integers(1, 10))
def test_windows_hold_everything_once(days: list[int], size: int) -> None:
    everything = [said(f"{n:03}", n, days=day) for n, day in enumerate(days)]
    seen: list[str] = []
    behind = everything
    for _turn in range(len(everything) + 2):
        newest = sorted(behind, key=lambda one: (one.at, one.id), reverse=True)[: size + 1]
        kept, last = window(newest, size)
        seen += [one.id for one in kept]
        if last is None:
            break
        behind = [one for one in everything if (one.at, one.id) < (last.at, last.id)]
    assert sorted(seen) == sorted(one.id for one in everything)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(("choice", "target"), [("hide", "listing:x"), ("less", "bikes"), ("taste", "7")])
def test_a_choice_is_about_the_entry_the_category_or_the_person(choice: str, target: str) -> None:
    assert choice_target(Choice(choice), "listing", "x", 7, "bikes") == target


def test_what_has_no_category_cannot_be_had_less_of() -> None:
    assert choice_target(Choice.LESS, "listing", "x", 7, "") is None
