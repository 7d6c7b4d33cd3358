"""Snapshots: everything comes back, nothing damaged is trusted."""

from pathlib import Path

import numpy as np
import pytest

from graph import SnapshotError, TrustGraph
from graph.store.snapshot import HEADER


@pytest.fixture
def full() -> TrustGraph:
    g = TrustGraph(clock=lambda: 0.0)
    rng = np.random.default_rng(5)
    g.add_edges(rng.integers(0, 500, 3000), rng.integers(500, 900, 3000), rng.random(3000) + 1e-9)
    g.add_edges(["ana", "bo", 7], ["bo", 7, "ana"], [0.3, 0.6, 1.0])
    g.add_edge("ana", "cem", 0.4, kind="referral", topic="tea", until=1e9)
    g.block("ana", "dee")
    g.block("bo", "eve")
    g.add_edge("bo", "eve", 0.5)
    g.report("bo", 501)
    g.add_edge(2**80, "ana")
    g.remove_member("dee")
    g.remove_member(3)
    return g


def test_everything_comes_back(full: TrustGraph, tmp_path: Path) -> None:
    full.save(tmp_path / "trust.graph", position=42)
    again = TrustGraph.load(tmp_path / "trust.graph", clock=lambda: 0.0)
    assert (again.position, again.nodes, again.edges) == (42, full.nodes, full.edges)
    for who in full:
        assert again.neighbours(who) == full.neighbours(who)
    assert again.ties("ana", "cem") == full.ties("ana", "cem")
    assert again.scores("ana", topic="tea") == pytest.approx(full.scores("ana", topic="tea"))
    for g in (full, again):
        g.unblock("bo", "eve")
        g.add_edge("new", 3, 0.2)
        g.add_edge("ana", "new")
        g.add_edges(list(range(900, 1000)), [0] * 100)
    assert again.scores("ana") == pytest.approx(full.scores("ana"))
    assert again.edges == full.edges


def test_the_file_stays_as_it_was(full: TrustGraph, tmp_path: Path) -> None:
    file = tmp_path / "trust.graph"
    full.save(file)
    before = file.read_bytes()
    again = TrustGraph.load(file)
    for i in range(200):
        again.add_edge(i, 10_000 + i)
        again.add_edge(7, i + 20_000, 0.1)
    assert file.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["trust.graph"]


def test_an_empty_graph(tmp_path: Path) -> None:
    TrustGraph().save(tmp_path / "trust.graph")
    again = TrustGraph.load(tmp_path / "trust.graph")
    assert (again.nodes, again.edges) == (0, 0)
    again.add_edge("ana", "bo")
    assert again.path("ana", "bo") == ["ana", "bo"]


def test_damage_is_noticed_wherever_it_is(full: TrustGraph, tmp_path: Path) -> None:
    file = tmp_path / "trust.graph"
    full.save(file)
    whole = file.read_bytes()
    for at in [*range(0, HEADER, 97), *range(HEADER, len(whole), 4999), len(whole) - 1]:
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with pytest.raises(SnapshotError):
            TrustGraph.load(file)
    for length in (0, 10, HEADER, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(SnapshotError):
            TrustGraph.load(file)
    file.write_bytes(whole + b"x")
    with pytest.raises(SnapshotError):
        TrustGraph.load(file)
    with pytest.raises(SnapshotError):
        TrustGraph.load(tmp_path / "nowhere")


def test_another_version_is_refused(full: TrustGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full.save(tmp_path / "trust.graph")
    monkeypatch.setattr("graph.store.snapshot.VERSION", 1)
    with pytest.raises(SnapshotError, match="another version"):
        TrustGraph.load(tmp_path / "trust.graph")
