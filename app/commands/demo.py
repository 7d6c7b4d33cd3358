"""`kinmarket demo`: a community to look at."""

from __future__ import annotations

import click

from app.commands.opening import with_app
from app.commands.progress import progress
from app.demo.community import fill_demo


@click.command()
@click.option("--members", default=60, show_default=True, type=click.IntRange(8, 2000))
@with_app
def demo(members: int) -> None:
    """Fill an empty database with a believable community."""
    bar, step = progress("demo")
    with bar:
        fill_demo(members, step)
