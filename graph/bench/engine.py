"""Our own engine, measured from outside through its public calls."""

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from graph import TrustGraph
from graph.compiling import compiled
from graph.walk.push import DAMPING

Floats = NDArray[np.float64]
BEST = 50
EXPLAINED = 200  # viewers who are shown ten ways to somebody, and people to meet
MET = 24  # people whom a viewer might meet


@compiled
def scatter(into: Floats, where: NDArray[np.int32]) -> None:
    """What the machine can do at best with one random addition each."""
    for i in range(where.shape[0]):
        into[where[i]] += 1.0


def scatter_ns(nodes: int, seed: int) -> float:
    """Nanoseconds of one random scatter-add over as many members."""
    into: Floats = np.zeros(nodes)
    where = np.random.default_rng(seed).integers(0, nodes, 10_000_000).astype(np.int32)
    scatter(into, where[:10])
    began = time.perf_counter()
    scatter(into, where)
    return float((time.perf_counter() - began) / where.shape[0] * 1e9)


def resident() -> int:
    """Bytes in memory now, where the system tells (else the most there ever were)."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def spread(times: list[float], unit: float, high: int = 99) -> dict[str, float]:
    """Median and a high percentile."""
    return {f"p{part}": float(np.percentile(times, part)) * unit for part in (50, high)}


def overlap(found: list[Any], exact: list[Any]) -> float:
    """The share of the exact best that was found."""
    return len(set(found) & set(exact)) / max(1, len(exact))


def exact_best(graph: TrustGraph, viewer: int) -> list[Any]:
    """The best members by power iteration to 1e-7."""
    rank = graph.reputation([viewer], tolerance=1e-7)
    return [who for who, score in rank.items() if who != viewer and score > 0][:BEST]


def queries(graph: TrustGraph, asked: list[int], dampings: Sequence[float]) -> dict[str, Any]:
    """Every circle with each damping in turn, so that the machine's moods meet all alike; the last is left in force."""
    figures: dict[str, Any] = {}
    spent: dict[float, list[tuple[float, float, int]]] = {damping: [] for damping in dampings}
    for who in asked[:50]:
        graph.scores(who)
    for who in tqdm(asked, "queries", file=sys.stderr):
        for damping in dampings:
            graph.damping = damping
            began, busy = time.perf_counter(), time.thread_time()
            graph.circle(who)
            spent[damping].append((time.perf_counter() - began, time.thread_time() - busy, graph.walked))
    for damping, rows in spent.items():
        wall, cpu, work = (list(column) for column in zip(*rows, strict=True))
        mark = marked(damping, dampings)
        figures |= {
            f"query_ms{mark}": spread(wall, 1e3),
            f"query_cpu_ms{mark}": spread(cpu, 1e3),
            f"edges_walked{mark}": sum(work) / len(asked),
            f"ns_per_edge{mark}": sum(cpu) / sum(work) * 1e9,
        }
    return figures


def overlaps(graph: TrustGraph, asked: list[int], dampings: Sequence[float]) -> dict[str, Any]:
    """How much of the exact best fifty a query finds."""
    figures: dict[str, Any] = {}
    for damping in dampings:
        graph.damping = damping
        found = [
            overlap(list(graph.scores(who, BEST)), exact_best(graph, who))
            for who in tqdm(asked, "exact", file=sys.stderr)
        ]
        name = f"overlap_at_50{marked(damping, dampings)}"
        figures[name] = {"mean": float(np.mean(found)), "least": float(np.min(found))}
    return figures


def marked(damping: float, dampings: Sequence[float]) -> str:
    """What a figure's name ends in: nothing for the last damping, the engine's own."""
    return "" if damping == dampings[-1] else f"_damping_{damping:g}"


def measure(
    nodes: int,
    sources: Any,
    targets: Any,
    weights: Any,
    viewers: int,
    exact: int,
    seed: int,
    dampings: Sequence[float] = (DAMPING,),
) -> tuple[dict[str, Any], list[int]]:
    """All our figures, and the viewers who were asked."""
    rng = np.random.default_rng(seed)
    before = resident()
    graph = TrustGraph(damping=dampings[-1])
    began = time.perf_counter()
    graph.add_edges(sources, targets, weights)
    figures: dict[str, Any] = {"build_s": time.perf_counter() - began}
    asked = [int(who) for who in rng.choice(np.unique(sources), viewers)]
    figures |= queries(graph, asked, dampings)
    figures |= {
        "members": graph.nodes,
        "edges": graph.edges,
        "bytes_per_edge": graph.nbytes / graph.edges,
        "resident_mb": (resident() - before) / 1e6,
        "scatter_ns": scatter_ns(nodes, seed),
    }
    figures |= overlaps(graph, asked[:exact], dampings)
    pairs = rng.integers(0, nodes, (5000, 2)).tolist()
    times, busy_times = [], []
    for a, b in (pair for pair in pairs if pair[0] != pair[1]):
        began, busy = time.perf_counter(), time.thread_time()
        graph.add_edge(a, b, 0.6)
        busy_times.append(time.thread_time() - busy)
        times.append(time.perf_counter() - began)
        if graph.edge_weight(a, b) != 0.6:
            raise AssertionError("an edge is not visible to the next query")
    figures |= {"update_us": spread(times, 1e6), "update_cpu_us": spread(busy_times, 1e6)}
    explained = []
    for who in asked[:EXPLAINED]:
        target = (graph.circle(who, BEST).ids or [who])[-1]
        busy = time.thread_time()
        graph.paths(who, target, 10)
        explained.append(time.thread_time() - busy)
    figures["ten_ways_cpu_ms"] = spread(explained, 1e3)
    graph.ways_to_each(asked[0], asked[1:2])
    counted = []
    for who in asked[:EXPLAINED]:
        trusted = graph.neighbours(who)
        meet = [one for one in graph.circle(who, 300).ids if one not in trusted][:MET]
        busy = time.thread_time()
        graph.ways_to_each(who, meet)
        counted.append(time.thread_time() - busy)
    figures["ways_to_24_cpu_ms"] = spread(counted, 1e3)
    graph.people_to_meet(asked[0])
    met = []
    for who in asked[:EXPLAINED]:
        busy = time.thread_time()
        graph.people_to_meet(who)
        met.append(time.thread_time() - busy)
    figures["people_to_meet_cpu_ms"] = spread(met, 1e3, 95)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trust.graph"
        began = time.perf_counter()
        graph.save(file)
        figures["save_s"] = time.perf_counter() - began
        began = time.perf_counter()
        again = TrustGraph.load(file)
        again.scores(asked[0])
        figures["start_s"] = time.perf_counter() - began
    return figures, asked
