"""What pages cost in a large town: `python -m tests.bench.growth_bench [--scale 1] [--postgres | --keep DIR]`.

Builds `large_town` and asks for each page as a member and as a guest, on one worker; wall time in
milliseconds, median and 95th of so many requests after a first one, and the least CPU time of one.
The marks are those of the largest town (scale 1). `--keep` builds the town in that folder and finds
it there the next time; a folder is for one scale and one schema.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.community.recommendations.queries import glances
from app.people.accounts.models import Member
from app.platform.database import db
from app.trust.circle.queries import circle_of, independent_ways
from app.trust.circle.service import rebuild
from tests.bench.large_town import TOWN, Sizes, Town, build_town
from tests.bench.pages_bench import asker
from tests.support.databases import Kind, fresh_database, settings_for
from tests.support.servers import close_run_directory, open_run_directory

MARKS = {
    "market": 10, "market, guest": 10, "feed": 15, "explore": 15, "item of 50,000": 15,
    "item of 50,000, guest": 15, "circle": 25, "people": 25, "chat search": 20,
    "ways to 24": 5, "glances of 50": 25,
}  # fmt: skip


def asked(app: Flask, town: Town) -> dict[str, Callable[[], object]]:
    """Everything that is measured, by name."""
    item = f"/items/{town.popular}"
    pages = {
        "market": ("/market", town.viewer),
        "market, guest": ("/market", None),
        "feed": ("/?mode=circle", town.viewer),
        "explore": ("/explore", town.viewer),
        "item of 50,000": (item, town.viewer),
        "item of 50,000, guest": (item, None),
        "circle": ("/circle", town.viewer),
        "people": ("/people", town.viewer),
        "rooms": ("/messages", town.viewer),
        "chat search": ("/messages/search?q=teapot", town.viewer),
    }
    found: dict[str, Callable[[], object]] = {name: asker(app, path, who) for name, (path, who) in pages.items()}

    def within(ask: Callable[[], object]) -> Callable[[], object]:
        def inside() -> object:
            with app.app_context():
                return ask()

        return inside

    with app.app_context():
        targets = list(circle_of(town.viewer_id).ids[:24])
    items = [f"{n:025d}I" for n in range(50)]
    found["ways to 24"] = within(lambda: independent_ways(town.viewer_id, targets))
    found["glances of 50"] = within(lambda: glances(town.viewer_id, items))
    return found


def measure(ask: Callable[[], object], rounds: int) -> tuple[float, float, float, float]:
    """The first request, the median and the 95th of the following, and the least CPU, in milliseconds."""
    took, cpu = [], []
    for _round in range(rounds + 1):
        began, worked = time.perf_counter(), time.thread_time()
        ask()
        cpu.append((time.thread_time() - worked) * 1000)
        took.append((time.perf_counter() - began) * 1000)
    first, rest = took[0], sorted(took[1:])
    return first, statistics.median(rest), rest[int(len(rest) * 0.95)], min(cpu)


@contextmanager
def town_database(kind: Kind, kept: Path | None) -> Iterator[tuple[str, Path]]:
    """The address of a database and a folder for its data: made anew and removed, or kept in `kept`."""
    if kept is not None and (kept / "db" / "kinmarket.db").exists():
        yield f"sqlite:///{kept / 'db' / 'kinmarket.db'}", kept / "data"
        return
    with tempfile.TemporaryDirectory() as passing:
        folder = kept or Path(passing)
        with fresh_database(kind, folder / "db") as address:
            yield address, folder / "data"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--keep", type=Path, help="where the town is kept (SQLite)")
    parser.add_argument("--only", default="", help="only what has this in its name")
    given = parser.parse_args()
    kind: Kind = "postgres" if given.postgres else "sqlite"
    open_run_directory()
    try:
        with town_database(kind, given.keep) as (address, data):
            app = create_app(settings_for(address, data))
            with app.app_context():
                began = time.perf_counter()
                stands = db.session.scalar(select(Member.id).limit(1)) is not None
                town = TOWN if stands else build_town(Sizes().scaled(given.scale))
                rebuild()
                db.session.remove()
            print(f"{kind}, scale {given.scale:g}, built in {time.perf_counter() - began:.0f} s\n")  # noqa: T201 - a bench says what it measured
            print("| page | first ms | p50 ms | p95 ms | CPU ms | mark |\n| --- | --- | --- | --- | --- | --- |")  # noqa: T201 - the same
            for name, ask in asked(app, town).items():
                if given.only not in name:
                    continue
                figures = " | ".join(f"{one:.1f}" for one in measure(ask, given.rounds))
                print(f"| {name} | {figures} | {MARKS.get(name, '')} |", flush=True)  # noqa: T201 - the same
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
    finally:
        close_run_directory()


if __name__ == "__main__":
    main()
