"""Our own engine, measured from outside through its public calls."""

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from graph import TrustGraph
from graph.compiling import compiled

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


def spread(times: list[float], unit: float) -> dict[str, float]:
    """Median and 99th percentile."""
    return {"p50": float(np.percentile(times, 50)) * unit, "p99": float(np.percentile(times, 99)) * unit}


def overlap(found: list[Any], exact: list[Any]) -> float:
    """The share of the exact best that was found."""
    return len(set(found) & set(exact)) / max(1, len(exact))


def exact_best(graph: TrustGraph, viewer: int) -> list[Any]:
    """The best members by power iteration to 1e-7."""
    rank = graph.reputation([viewer], tolerance=1e-7)
    return [who for who, score in rank.items() if who != viewer and score > 0][:BEST]


def measure(
    nodes: int, sources: Any, targets: Any, weights: Any, viewers: int, exact: int, seed: int
) -> tuple[dict[str, Any], list[int]]:
    """All our figures, and the viewers who were asked."""
    rng = np.random.default_rng(seed)
    before = resident()
    graph = TrustGraph()
    began = time.perf_counter()
    graph.add_edges(sources, targets, weights)
    figures: dict[str, Any] = {"build_s": time.perf_counter() - began}
    asked = [int(who) for who in rng.choice(np.unique(sources), viewers)]
    for who in asked[:50]:
        graph.scores(who)
    wall, cpu, work = [], [], 0
    for who in tqdm(asked, "queries", file=sys.stderr):
        began, busy = time.perf_counter(), time.thread_time()
        graph.circle(who)
        wall.append(time.perf_counter() - began)
        cpu.append(time.thread_time() - busy)
        work += graph.walked
    figures |= {
        "members": graph.nodes,
        "edges": graph.edges,
        "bytes_per_edge": graph.nbytes / graph.edges,
        "resident_mb": (resident() - before) / 1e6,
        "query_ms": spread(wall, 1e3),
        "query_cpu_ms": spread(cpu, 1e3),
        "edges_walked": work / viewers,
        "ns_per_edge": sum(cpu) / work * 1e9,
        "scatter_ns": scatter_ns(nodes, seed),
    }
    sample = asked[:exact]
    found = [
        overlap(list(graph.scores(who, BEST)), exact_best(graph, who)) for who in tqdm(sample, "exact", file=sys.stderr)
    ]
    figures["overlap_at_50"] = {"mean": float(np.mean(found)), "least": float(np.min(found))}
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
