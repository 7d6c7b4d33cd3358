"""`python -m graph.evaluate --trust FILE --ratings FILE`: what trust is worth on this community."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from graph import warm_up
from graph.evaluate.data import load
from graph.evaluate.ranking import rank
from graph.evaluate.strangers import fakes, future, promote


def say(line: str = "") -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def table(title: str, rows: dict[str, dict[str, Any]]) -> None:
    """One table, a line for each row."""
    say(f"\n{title}")
    for name, figures in rows.items():
        cells = (
            f"{key} {value:.4f}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items()
        )
        say(f"  {name:12}" + "  ".join(cells))


def main() -> None:
    """Parse the options, evaluate, and print (and write) the tables."""
    parser = argparse.ArgumentParser(prog="python -m graph.evaluate", description=__doc__)
    parser.add_argument("--trust", type=Path, required=True)
    parser.add_argument("--ratings", type=Path, required=True)
    parser.add_argument("--scale", default="1:5", help="lowest and highest rating, LOW:HIGH")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fakes", default="500,1000,10000")
    parser.add_argument("--attack-edges", default="10,100")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    low, high = (float(end) for end in options.scale.split(":"))
    warm_up()
    community = load(options.trust, options.ratings, (low, high))
    say(f"{community.members:,} members, {community.trust.shape[0]:,} trust edges, {community.liked.shape[0]:,} likes")
    result: dict[str, Any] = {}
    for name, by_time in (("random", False), ("in time order", True)):
        if by_time and community.times is None:
            say("\nNo times in the ratings: the split in time order is left out.")
            continue
        result[name] = found = rank(community, by_time, options.seed)
        for whom in ("warm", "cold"):
            table(f"Left out {name}, {whom} members", found[whom])
        say(f"  weights of the mixture: {found['mixture']}")
        if "left_out" in found:
            say(f"  left out: {found['left_out']}")
    result["future trust"] = future(community, options.seed)
    table("Future trust", {"": result["future trust"]})
    counts = [int(count) for count in options.fakes.split(",")]
    edges = [int(count) for count in options.attack_edges.split(",")]
    result["fakes"] = fakes(community, counts, edges, options.seed)
    table("Fakes", {f"{row['fakes']}/{row['attack_edges']}": row for row in result["fakes"]})
    result["promoted item in a top 10"] = promote(community, options.seed)
    table("Promoted item in a top 10", {"": result["promoted item in a top 10"]})
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
