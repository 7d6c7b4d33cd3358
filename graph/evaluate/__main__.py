"""`python -m graph.evaluate --trust FILE --ratings FILE`: what trust is worth on this community.

Reads the import format: white-space or commas, `.gz`, with or without times.
Either file may be missing; what needs it is left out, and the output says so.
"""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from graph import warm_up
from graph.evaluate.attacks import fakes, listed, promote, thin
from graph.evaluate.compare import compare
from graph.evaluate.data import Community, Unreadable, load
from graph.evaluate.methods import (
    METHODS,
    PROMOTED,
    fitting,
    kinmarket_with_co_trusters,
)
from graph.evaluate.ranking import KINDS, rank
from graph.evaluate.strangers import future
from graph.walk.push import DAMPING

OWN = {
    "kinmarket",
    "mixture",
    "taste",
    "recent",
}  # the rest are the methods that others use
HELPS = 1.05


def say(line: str = "") -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def table(title: str, rows: dict[str, dict[str, Any]]) -> None:
    """One table, a line for each row; standard errors (`se_...`) stand in brackets."""
    say(f"\n{title}")
    for name, figures in rows.items():
        cells = []
        for key, value in figures.items():
            if key.startswith("se_") and key.removeprefix("se_") in figures:
                continue
            error = f" ({figures[f'se_{key}']:.2g})" if f"se_{key}" in figures else ""
            cells.append(f"{key} {value:.4g}{error}" if isinstance(value, float) else f"{key} {value}{error}")
        say(f"  {name:16} " + "  ".join(cells))


def ranking(community: Community, options: argparse.Namespace) -> dict[str, Any]:
    """Leave-out ranking, random and in time order."""
    result: dict[str, Any] = {}
    more = {"co-trusters": kinmarket_with_co_trusters} if options.co_trusters else {}
    for name, by_time in (("random", False), ("in time order", True)):
        if by_time and community.times is None:
            say("\nNot every rating has a time: the split in time order is left out.")
            continue
        result[name] = found = rank(community, by_time, options.seed, more)
        for whom in KINDS:
            if not found[whom]:
                say(f"\nLeft out {name}, {whom} members: there are none.")
                continue
            table(f"Left out {name}, {whom} members", found[whom])
            say("  " + compared(found[whom]))
        say(f"\n  weights of the learned mixture: {found['mixture'] or 'too few members to learn from'}")
    return result


def compared(rows: dict[str, dict[str, float]]) -> str:
    """How the house's own ways stand beside the best of the others."""
    others = {name: row["ndcg"] for name, row in rows.items() if name not in OWN}
    best = max(others, key=lambda name: others[name])
    parts = [
        f"{name} {rows[name]['ndcg'] / others[best]:.2f}"
        for name in ("trust", "kinmarket", "mixture")
        if name in rows and others[best] > 0
    ]
    against = rows["popularity"]["ndcg"]
    if against > 0 and "trust" in rows:
        parts.append(f"trust against popularity {rows['trust']['ndcg'] / against:.2f}")
    return f"NDCG@10 as a multiple of the best single method ({best}): " + (", ".join(parts) or "all are 0")


def strangers(community: Community, options: argparse.Namespace) -> dict[str, Any]:
    """Future trust, fakes and promoters."""
    result: dict[str, Any] = {"future trust": future(community, options.seed)}
    table("Future trust", {"": result["future trust"]})
    if community.trust_times is None:
        say("\nNot all trust has a time: the split of trust in time order is left out.")
    else:
        result["future trust in time order"] = future(community, options.seed, by_time=True)
        table("Future trust, the last given", {"": result["future trust in time order"]})
    result["fakes"] = fakes(community, options.fakes, options.attack_edges, options.seed)
    table(
        "Fakes",
        {f"{row['taken_in']} {row['fakes']}/{row['attack_edges']}": row for row in result["fakes"]},
    )
    result["fakes among people to meet"] = listed(
        community, max(options.fakes), max(options.attack_edges), options.seed
    )
    table("Fakes among ten people to meet", result["fakes among people to meet"])
    result["vouch budget"] = thin(community, options.seed)
    table(
        "Vouches bought from one in twenty, with and without the vouch budget",
        result["vouch budget"],
    )
    if community.liked.shape[0]:
        ways = {name: METHODS[name] for name in PROMOTED if name in METHODS}
        if options.co_trusters:
            ways["co-trusters"] = kinmarket_with_co_trusters
        result["promoted item in a top 10"] = promote(community, options.seed, ways)
        table("Promoted item in a top 10", result["promoted item in a top 10"])
    return result


def scale(text: str) -> tuple[float, float]:
    """`LOW:HIGH`."""
    low, _, high = text.partition(":")
    ends = float(low), float(high)
    if not (all(map(math.isfinite, ends)) and ends[0] < ends[1]):
        raise ValueError(text)
    return ends


def counts(text: str) -> list[int]:
    """`10,100`."""
    found = [int(one) for one in text.split(",")]
    if min(found) < 1:
        raise ValueError(text)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the options, evaluate, and print (and write) the tables."""
    parser = argparse.ArgumentParser(prog="python -m graph.evaluate", description=__doc__)
    parser.add_argument("--trust", type=Path, help="truster trustee [weight [unix_time]]")
    parser.add_argument("--ratings", type=Path, help="member item rating [unix_time]")
    parser.add_argument(
        "--scale",
        type=scale,
        default=(1.0, 5.0),
        help="lowest and highest rating, LOW:HIGH",
    )
    parser.add_argument("--recommend-from", type=float, help="default: the upper third of the scale")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--compare",
        action="store_true",
        help="only: the former engine and the present one, paired by member",
    )
    parser.add_argument("--co-trusters", action="store_true", help="try what co-trusters recommend, too")
    parser.add_argument("--seeds", type=int, default=3, help="of --compare, from --seed on")
    parser.add_argument(
        "--damping",
        type=float,
        default=DAMPING,
        help="of the walks, in full vouches (TrustGraph)",
    )
    parser.add_argument("--fakes", type=counts, default=[500, 1000, 10000])
    parser.add_argument("--attack-edges", type=counts, default=[10, 100])
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args(arguments)
    if not (options.trust or options.ratings):
        parser.error("give --trust, --ratings or both")
    try:
        community = load(options.trust, options.ratings, options.scale, options.recommend_from)
        community = replace(community, damping=options.damping)
    except Unreadable as problem:
        parser.error(str(problem))
    say(f"{community.members:,} members, {community.trust.shape[0]:,} trust edges, {community.liked.shape[0]:,} likes")
    for note in community.notes:
        say(f"NOTE: {note}")
    if "ALS" not in fitting(METHODS, timed=True, trusting=True):
        say("NOTE: ALS IS LEFT OUT: the package `implicit` is not installed")
        community.notes.append("ALS is left out: the package `implicit` is not installed")
    warm_up()
    result: dict[str, Any] = {"notes": community.notes}
    if options.compare:
        attack = max(options.fakes), max(options.attack_edges)
        for title, rows in compare(community, range(options.seed, options.seed + max(1, options.seeds)), attack):
            result[title] = rows
            table(title, rows)
        write(options.json, result)
        return
    if community.liked.shape[0]:
        result |= ranking(community, options)
    if community.trust.shape[0]:
        result |= strangers(community, options)
    write(options.json, result)


def write(path: Path | None, result: dict[str, Any]) -> None:
    """Keep the figures in a file, if one is named."""
    if path:
        path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
