"""Small graphs are interpreted, larger ones run as machine code, and nobody sees a difference."""

from __future__ import annotations

import subprocess
import sys

import pytest

from graph import TrustGraph
from graph.compiling import INTERPRETED, Kernel, interpret_kernels, native
from graph.walk import push

SMALL = """
import sys
import pytest

from graph import TrustGraph
g = TrustGraph()
g.add_edges(["ana", "bo", "ana"], ["bo", "cem", "dina"])
g.circle("ana", 10).path("cem"), g.ways_to_each("ana", ["cem"]), g.reputation(["ana"]), g.remove_edge("ana", "bo")
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_a_small_community_loads_no_compiler() -> None:
    done = subprocess.run([sys.executable, "-c", SMALL], capture_output=True, text=True, check=True)
    assert {"numba", "llvmlite", "scipy"}.isdisjoint(done.stdout.split()), done.stdout


def test_a_graph_that_grows_is_compiled_on_the_way_and_answers_as_before() -> None:
    interpret_kernels()
    graph = TrustGraph()
    graph.add_edges([0, 0, 1, 2], [1, 2, 3, 3], [1.0, 0.5, 1.0, 0.3])
    before = graph.scores(0)
    assert not native()
    assert isinstance(push.push, Kernel)
    graph.add_edges(range(100, 100 + INTERPRETED), range(101, 101 + INTERPRETED))
    assert native()
    assert not isinstance(push.push, Kernel)
    # The last refinement may stop a little earlier: settled to single precision, not to the bit.
    assert graph.scores(0) == pytest.approx(before, rel=1e-6)


def test_a_graph_that_grows_by_single_vouches_is_compiled_too() -> None:
    interpret_kernels()
    graph = TrustGraph()
    graph.add_edges(range(INTERPRETED), range(1, 1 + INTERPRETED))
    assert not native()
    graph.add_edge("ana", "bo")
    assert native()


def test_a_snapshot_of_some_size_is_read_by_machine_code(tmp_path: str) -> None:
    graph = TrustGraph()
    graph.add_edges(range(INTERPRETED + 1), range(1, INTERPRETED + 2))
    graph.save(f"{tmp_path}/graph")
    interpret_kernels()
    assert TrustGraph.load(f"{tmp_path}/graph").edge_weight(5, 6) == 1.0
    assert native()
