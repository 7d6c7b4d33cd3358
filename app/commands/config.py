"""`kinmarket config`: what an installation is set to."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from app.commands.environment import settings_here


@click.command()
def config() -> None:
    """Print every setting, its value (secrets masked) and its meaning."""
    table = Table(box=None, show_header=False, pad_edge=False)
    settings = settings_here()
    for row in settings.described():
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    for line in settings.warnings:
        click.echo(f"Warning: {line}", err=True)
