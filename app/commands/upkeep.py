"""`kinmarket rebuild`, `check`, `backup`, `restore`: what keeps an installation whole."""

from __future__ import annotations

from pathlib import Path

import click

from app.commands.environment import settings_here
from app.commands.opening import with_app
from app.commands.progress import progress
from app.platform import backup as backups
from app.platform import checks, projections


@click.command()
@click.argument("name")
@with_app
def rebuild(name: str) -> None:
    """Drop a projection (trust, search, reports) and build it again from the tables."""
    bar, step = progress(f"rebuild {name}")
    with bar:
        projections.rebuild(name, step)
    click.echo(f"rebuilt {name}")


@click.command()
@with_app
def check() -> None:
    """Verify every invariant of the data."""
    broken = 0
    for name, breaches in checks.run_checks().items():
        for breach in breaches:
            click.echo(f"{name}: {breach}")
            broken += 1
    if broken:
        raise SystemExit(1)
    click.echo("all invariants hold")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_app
def backup(file: Path) -> None:
    """Write database and uploads into one file."""
    counts = backups.write_backup(file, settings_here())
    click.echo(f"wrote {file}: {sum(counts.values())} rows")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_app
def restore(file: Path) -> None:
    """Fill an empty installation from a backup."""
    counts = backups.read_backup(file, settings_here())
    bar, step = progress("search")
    with bar:
        projections.rebuild("search", step)
    click.echo(f"restored {sum(counts.values())} rows")
