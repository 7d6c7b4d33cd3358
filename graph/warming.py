"""Compile or load every kernel, so that no request ever waits for the compiler."""

from pathlib import Path
from tempfile import TemporaryDirectory

from graph.trust_graph import TrustGraph


def warm_up() -> None:
    """Run every kernel once on a toy graph; takes a moment the first time only."""
    graph = TrustGraph()
    graph.add_edges([0, 0, 1], [1, 2, 3], [1.0, 0.5, 1.0])
    size = 6000
    graph.add_edges(list(range(size)), [*range(1, size), 0])
    graph.add_edge("ana", "bo")
    graph.add_edges(list(range(8)), [one + 9 for one in range(8)])
    graph.block(0, 9)
    graph.remove_edge(1, 2)
    graph.remove_member(5999)
    for viewer in (0, 1):
        circle = graph.circle(viewer, 10)
        circle.path(3)
        circle.distance(3)
        graph.independent_ways(viewer, [3])
        graph.independent_ways(viewer, [3, 4])
        graph.ways_to_each(viewer, [3, 4])
        graph.distances(viewer)
    graph.people_to_meet(0)
    graph.neighbours(0)
    graph.edge_weight(0, 1)
    graph.reputation([0], tolerance=0.5)
    graph.to_networkx()
    with TemporaryDirectory() as folder:
        graph.save(Path(folder) / "graph")
        graph = TrustGraph.load(Path(folder) / "graph")
    graph.independent_ways(0, [3])
    graph.add_edge(0, 77)
    graph.circle(0)
    graph.remove_edge(0, 77)
