"""How long an import takes: `python tests/bench/import_bench.py [FOLDER] [--million]`.

Without a folder a made-up community of CiaoDVD's size is imported into a fresh SQLite database, or
with `--million` one of 100,000 members, a million trust statements and a million ratings; a folder
with trust.csv.gz, ratings.csv.gz and items.csv is taken as it is. With KINMARKET_DATABASE_URL set,
that (empty) database is used.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app import create_app
from app.importing.community import import_community
from app.importing.rules import Scale
from app.importing.values import Files
from app.platform import schema
from app.platform.settings import load_settings
from app.trust.circle import queries, service


@dataclass(frozen=True)
class Size:
    """How large a made-up community is."""

    members: int
    items: int
    ratings: int
    trust: int


CIAO = Size(20_000, 16_121, 72_345, 40_133)
MILLION = Size(100_000, 50_000, 1_000_000, 1_000_000)


def made_up(folder: Path, size: Size) -> Files:
    """A community of that size, the same at every run."""
    chance = random.Random(1)
    files = Files(folder / "trust.csv", folder / "ratings.csv", folder / "items.csv")
    with files.trust.open("w") as out:
        for _ in range(size.trust):
            # A few are trusted by many, as it is among people.
            a, b = chance.randint(1, size.members), int(size.members * chance.random() ** 3) + 1
            out.write(f"{a},{b if b != a else a % size.members + 1},1\n")
    with (folder / "ratings.csv").open("w") as out:
        for _ in range(size.ratings):
            out.write(
                f"{chance.randint(1, size.members)},{chance.randint(1, size.items)},{chance.randint(1, 5)},963360000\n"
            )
    with (folder / "items.csv").open("w") as out:
        out.write("external_id,title,category\n")
        out.writelines(f"{one},DVD {one},Drama\n" for one in range(1, size.items + 1))
    return files


def timed(what: str, work: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    click.echo(f"{what:<22} {wall:7.2f} s  {cpu:7.2f} s CPU   {answer}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--million", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if given.folder:
            files = Files(*(given.folder / name for name in ("trust.csv.gz", "ratings.csv.gz", "items.csv")))
        else:
            files = made_up(folder, MILLION if given.million else CIAO)
        app = create_app(load_settings({**os.environ, "KINMARKET_DATA_DIR": str(folder / "data")}))
        schema.upgrade(app)
        with app.app_context():
            scale = Scale.parse("1:5", None)

            def run() -> str:
                return import_community(files, scale)[0].line()

            timed("first import", run)
            click.echo(f"{'most memory':<22} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB")
            timed("second import", run)
            timed("graph from the tables", service.rebuild)
            timed("graph in figures", queries.stats)
            timed("a circle, cold", lambda: len(queries.circle_of(1)))
            timed("a circle, kept", lambda: len(queries.circle_of(1)))


if __name__ == "__main__":
    main()
