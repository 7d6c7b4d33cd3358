"""`kinmarket import …`: bulk import with a progress bar."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from app.importing.community import import_community
from app.importing.rules import Scale
from app.importing.values import Files

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def group() -> None:
    """Bring in data in bulk."""


@group.command()
@click.option("--trust", required=True, type=_FILE, help="truster trustee [weight]")
@click.option("--ratings", type=_FILE, help="member item rating [unix_time]")
@click.option("--items", type=_FILE, help="external_id,title[,category[,description]]")
@click.option("--scale", default="1:5", show_default=True, metavar="LOW:HIGH", help="of the ratings")
@click.option("--recommend-from", metavar="X", help="ratings from here on recommend  [default: upper third]")
def community(trust: Path, ratings: Path | None, items: Path | None, scale: str, recommend_from: str | None) -> None:
    """Import members, whom they trust, and what they say of things.

    Bad lines end in FILE.rejects and never stop the import; running it again adds nothing twice.
    """
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(), console=console,
    )  # fmt: skip
    tasks: dict[Path, TaskID] = {}

    def step(file: Path, done: int, total: int) -> None:
        if file not in tasks:
            tasks[file] = bar.add_task(file.name, total=total)
        bar.update(tasks[file], completed=done, total=total)

    with bar:
        files = Files(trust, ratings, items)
        summary, rejects = import_community(files, Scale.parse(scale, recommend_from), step)
    for path in rejects:
        console.print(f"rejected lines: {path}", soft_wrap=True, highlight=False)
    click.echo(summary.line())
