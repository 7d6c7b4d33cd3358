"""`python -m graph.bench`: this engine and others side by side, in one run on one machine."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from graph import warm_up
from graph.bench.engine import measure
from graph.bench.rivals import RIVALS, Absent
from graph.bench.synthetic import heavy_tailed


def say(line: str = "") -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def rival(name: str, nodes: int, edges: int, data: Any, seed: int) -> dict[str, Any]:
    """Build and ask one other library, at a fraction where it would take all day."""
    build, viewers, most = RIVALS[name]
    part = max(1, -(-edges // most))
    if part > 1:
        nodes = nodes // part
        data = heavy_tailed(nodes, edges // part, seed)
    try:
        began = time.perf_counter()
        ask = build(nodes, *data)
        built = time.perf_counter() - began
    except Absent as absent:
        return {"absent": str(absent)}
    times = []
    for viewer in np.random.default_rng(seed).choice(np.unique(data[0]), viewers).tolist():
        began = time.perf_counter()
        ask(viewer)
        times.append(time.perf_counter() - began)
    return {"one_in": part, "build_s": built, "query_s": float(np.median(times)), "viewers": viewers}


def main() -> None:
    """Parse the options, measure, and print (and write) the figures."""
    parser = argparse.ArgumentParser(prog="python -m graph.bench", description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--edges", type=int, default=10_000_000)
    parser.add_argument("--viewers", type=int, default=1000)
    parser.add_argument("--exact", type=int, default=20, help="viewers compared with the exact answer")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rivals", default=",".join(RIVALS), help="comma separated, or none")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    names = [] if options.rivals == "none" else options.rivals.split(",")
    if unknown := set(names) - set(RIVALS):
        parser.error(f"unknown rivals {', '.join(sorted(unknown))}; there are {', '.join(RIVALS)}")
    warm_up()
    data = heavy_tailed(options.nodes, options.edges, options.seed)
    figures, _ = measure(options.nodes, *data, options.viewers, options.exact, options.seed)
    say(f"{figures['members']:,} members, {figures['edges']:,} edges, {options.viewers:,} viewers")
    for name, value in figures.items():
        shown = value if isinstance(value, dict) else {"": value}
        say(f"  {name:16}" + "  ".join(f"{key} {number:,.3f}".strip() for key, number in shown.items()))
    others: dict[str, Any] = {}
    for name in names:
        others[name] = found = rival(name, options.nodes, options.edges, data, options.seed)
        if "absent" in found:
            say(f"  {name:16}{found['absent']}")
            continue
        times = found["query_s"] * 1e3 / figures["query_ms"]["p50"]
        loudly = "" if found["one_in"] == 1 else f"   ONLY ONE IN {found['one_in']} OF THE GRAPH: too slow for all"
        say(f"  {name:16}build {found['build_s']:.1f} s, query {found['query_s']:.3f} s = {times:,.0f} x ours{loudly}")
    if options.json:
        options.json.write_text(json.dumps({"graph": figures, "rivals": others}, indent=1) + "\n")


if __name__ == "__main__":
    main()
