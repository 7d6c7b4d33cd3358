"""Kinds, topics, ends, reports: what an edge is made of and what takes away."""

import numpy as np
import pytest

from graph import TrustGraph
from graph.store.ties import trade_strength


def test_the_strongest_tie_counts() -> None:
    g = TrustGraph()
    g.add_edge("ana", "bo", 0.4, kind="referral")
    g.add_edge("ana", "bo", 0.6)
    g.add_edge("ana", "bo", trade_strength(1), kind="trade")
    assert (g.edges, g.edge_weight("ana", "bo"), len(g.ties("ana", "bo"))) == (1, 0.6, 3)
    g.add_edge("ana", "bo", 0.3)
    assert g.edge_weight("ana", "bo") == 0.4
    assert g.remove_edge("ana", "bo", kind="referral")
    assert not g.remove_edge("ana", "bo", kind="referral")
    assert g.edge_weight("ana", "bo") == 0.3
    assert g.remove_edge("ana", "bo")
    assert (g.edges, g.ties("ana", "bo")) == (0, ())


def test_bulk_keeps_the_other_kinds() -> None:
    g = TrustGraph()
    g.add_edges(["ana", "bo"], ["bo", "cem"], [0.4, 0.4], kind="referral")
    g.add_edges(["ana", "bo", "cem"], ["bo", "cem", "ana"], [1.0, 0.3, 0.6])
    assert [g.edge_weight(*pair) for pair in (("ana", "bo"), ("bo", "cem"), ("cem", "ana"))] == [1.0, 0.4, 0.6]
    g.remove_edge("bo", "cem", kind="referral")
    assert g.edge_weight("bo", "cem") == 0.3


def test_an_edge_ends_by_itself() -> None:
    now = [100.0]
    g = TrustGraph(clock=lambda: now[0])
    g.add_edge("ana", "bo", 1.0, until=200.0)
    g.add_edge("ana", "bo", 0.4, kind="referral")
    g.add_edge("ana", "cem", 0.4, until=150.0)
    before = g.version
    now[0] = 150.0
    assert set(g.scores("ana")) == {"bo"}
    assert g.version > before
    now[0] = 200.0
    assert g.neighbours("ana") == {"bo": 0.4}
    g.add_edge("ana", "dee", until=100.0)
    assert (g.edges, g.edge_weight("ana", "dee")) == (1, 0.0)


def test_an_end_put_off_is_put_off() -> None:
    now = [100.0]
    g = TrustGraph(clock=lambda: now[0])
    g.add_edge("ana", "bo", until=200.0)
    g.add_edge("ana", "bo", until=300.0)
    now[0] = 250.0
    assert g.edges == 1
    now[0] = 300.0
    assert g.edges == 0


def test_a_topic_counts_fully_where_it_is_asked_for() -> None:
    g = TrustGraph()
    g.add_edge("ana", "bo", 0.8, topic="cameras")
    g.add_edge("ana", "cem", 0.4)
    plain, asked = g.scores("ana"), g.scores("ana", topic="cameras")
    assert plain["bo"] == pytest.approx(plain["cem"])
    assert asked["bo"] == pytest.approx(2 * asked["cem"])
    assert g.scores("ana", topic="bread") == plain
    assert g.circle("ana", topic="cameras").path("bo") == ["ana", "bo"]
    assert g.scores("ana") == plain
    g.block("ana", "bo")
    assert set(g.scores("ana", topic="cameras")) == {"cem"}


def test_a_report_is_heard_one_step_away() -> None:
    g = TrustGraph()
    g.add_edges(["zoe", "ana", "ana", "bo"], ["ana", "bo", "cheat", "cheat"], [1.0, 0.6, 1.0, 1.0])
    before = {viewer: g.scores(viewer) for viewer in ("zoe", "ana")}
    g.report("bo", "cheat")
    assert g.scores("ana")["cheat"] == pytest.approx(0.4 * before["ana"]["cheat"])
    assert g.scores("zoe") == before["zoe"]
    g.add_edge("ana", "bo", 1.0)
    assert "cheat" not in g.scores("ana")
    assert "cheat" not in g.scores("bo")
    g.withdraw_report("bo", "cheat")
    assert "cheat" in g.scores("ana")


def test_a_newcomer_borrows_and_pays_back() -> None:
    g = TrustGraph()
    g.add_edges(["ana", "bo"], ["bo", "cem"])
    g.add_edge("new", "ana", 0.4, kind="referral")
    circle = g.circle("new")
    assert (circle.ids, circle.borrowed) == (["ana", "bo", "cem"], 1.0)
    g.add_edge("new", "cem", 0.6)
    assert g.circle("new").borrowed == pytest.approx(0.4)
    g.add_edge("new", "ana", 0.6)
    assert (g.circle("new").borrowed, g.circle("ana").borrowed) == (0.0, 0.0)


def test_everything_follows_a_new_order() -> None:
    g = TrustGraph()
    g.add_edge("ana", "bo", 0.4, kind="referral", topic="cameras")
    g.block("ana", "cem")
    g.report("bo", "dee")
    rng = np.random.default_rng(0)
    g.add_edges(rng.integers(0, 1000, 6000), rng.integers(1000, 2000, 6000))
    assert g.ties("ana", "bo")[0].topic == "cameras"
    assert g.scores("ana", topic="cameras") == pytest.approx({"bo": 1 / 13})
    assert g.blocked("ana") == ["cem"]
    g.add_edge("bo", "dee")
    assert "dee" not in g.scores("bo")
    g.remove_member("bo")
    assert g.scores("ana", topic="cameras") == {}
