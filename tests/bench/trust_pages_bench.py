"""What trust costs a page: `python -m tests.bench.trust_pages_bench --trust FILE --ratings FILE`.

Imports a community (CiaoDVD is what the mark names) and asks for the item page, the feed and
Explore as its members, on one worker: once as they are, once with trust switched off. Off means
for the feed the member's own switch, and for the item page a viewer whom nothing joins to anybody,
who reads the same words as everybody's. Wall time (p95 is the mark: 50 ms) and CPU time; the two
versions of a page are asked for in turns.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.community.recommendations.models import Recommendation
from app.discovery.feed.service import personalise
from app.discovery.feed.tastes import taste
from app.importing.community import import_community
from app.importing.rules import Scale
from app.importing.values import Files
from app.people.accounts.models import Member
from app.people.accounts.service import add_member
from app.platform.database import db
from app.trust.circle.queries import circle_of
from app.trust.circle.service import rebuild
from tests.bench.pages_bench import asker
from tests.support.databases import Kind, fresh_database, settings_for
from tests.support.servers import close_run_directory, open_run_directory

MARK_MS, MARK_TIMES = 50.0, 1.1
LONER = "loner"  # a member whom no edge touches


def pairs(app: Flask, number: int, seed: int) -> list[tuple[str, int, str]]:
    """Members with a circle, each with an item of which somebody in it has spoken."""
    chance = Random(seed)
    with app.app_context():
        members = list(db.session.execute(select(Member.id, Member.handle)).all())
        chance.shuffle(members)
        found: list[tuple[str, int, str]] = []
        for ident, handle in members:
            friends = circle_of(ident).ids[:50]
            items = (
                list(
                    db.session.scalars(
                        select(Recommendation.item_id)
                        .where(Recommendation.member_id.in_(friends))
                        .group_by(Recommendation.item_id)
                        .order_by(func.count().desc())
                        .limit(20)
                    )
                )
                if friends
                else []
            )
            if items:
                found.append((handle, ident, chance.choice(items)))
            if len(found) == number:
                break
        return found


def times(ask: Callable[[], Any]) -> tuple[float, float]:
    """Wall and CPU milliseconds of one request."""
    wall, cpu = time.perf_counter(), time.thread_time()
    ask()
    return (time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000


def measure(app: Flask, viewers: int, rounds: int, seed: int) -> dict[str, list[tuple[float, float]]]:
    """Times by page; `off` stands behind the name where trust is switched off."""
    found: dict[str, list[tuple[float, float]]] = {}
    chosen = pairs(app, viewers, seed)
    loner = {item: asker(app, f"/items/{item}", LONER) for item in {item for _h, _i, item in chosen}}
    for handle, ident, item in chosen:
        page = asker(app, f"/items/{item}", handle)
        feeds = {"feed": asker(app, "/?mode=circle", handle), "explore": asker(app, "/explore", handle)}
        asks = {"item page": page, "item page off": loner[item], **feeds}
        for name, ask in asks.items():
            ask()  # the first asks fill what is kept: the circle, the rendered words
            found.setdefault(name, []).extend(times(ask) for _round in range(rounds))
        with app.app_context():
            personalise(ident, wanted=False)
        feeds["feed"]()
        found.setdefault("feed off", []).extend(times(feeds["feed"]) for _round in range(rounds))
        with app.app_context():
            personalise(ident, wanted=True)
    return found


def table(kind: str, found: dict[str, list[tuple[float, float]]]) -> str:
    """In Markdown."""
    lines = [
        f"| {kind} | requests | p50 ms | p95 ms | CPU ms (median) | times off |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, took in found.items():
        wall = sorted(one for one, _cpu in took)
        cpu = statistics.median(one for _wall, one in took)
        off = found.get("feed off" if name in {"feed", "explore"} else f"{name} off")
        ratio = f"{cpu / statistics.median(one for _wall, one in off):.2f}" if off else ""
        lines.append(
            f"| {name} | {len(wall)} | {statistics.median(wall):.1f} |"
            f" {wall[int(len(wall) * 0.95)]:.1f} | {cpu:.1f} | {ratio} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trust", type=Path, required=True)
    parser.add_argument("--ratings", type=Path, required=True)
    parser.add_argument("--scale", default="1:5")
    parser.add_argument("--viewers", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    kinds: list[Kind] = ["sqlite", "postgres"] if asked.postgres else ["sqlite"]
    open_run_directory()
    try:
        for kind in kinds:
            with tempfile.TemporaryDirectory() as folder, fresh_database(kind, Path(folder) / "db") as address:
                app = create_app(settings_for(address, Path(folder) / "data"))
                with app.app_context():
                    import_community(Files(asked.trust, asked.ratings), Scale.parse(asked.scale, None))
                    rebuild()
                    add_member(LONER)
                    taste().build()
                    db.session.remove()
                print(table(kind, measure(app, asked.viewers, asked.rounds, asked.seed)), end="\n\n")  # noqa: T201 - a bench says what it measured
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
    finally:
        close_run_directory()


if __name__ == "__main__":
    main()
