"""`kinmarket events`: what reactions could not handle."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from app.kernel.ids import EventId
from app.platform import parked_events

EVENT_ID = click.IntRange(1, 2**63 - 1)


@click.group("events")
def group() -> None:
    """Events that a reaction could not handle."""


@group.command("parked")
def parked() -> None:
    """List them: id, event, reaction, since when, and what went wrong."""
    found = parked_events.waiting()
    if not found:
        click.echo("nothing is parked")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("id", "event", "reaction", "since", "error"):
        table.add_column(title, overflow="fold")
    for one in found:
        since = one.at.isoformat(timespec="seconds")
        table.add_row(str(one.event_id), one.event, one.reaction, since, " ".join(one.error.split()))
    console = Console(markup=False)
    console.print(table)


@group.command("retry")
@click.argument("event_id", metavar="ID", type=EVENT_ID)
def retry(event_id: EventId) -> None:
    """Handle one again, wherever it is parked."""
    for reaction in parked_events.retry(event_id):
        click.echo(f"{reaction} has handled event {event_id}")


@group.command("drop")
@click.argument("event_id", metavar="ID", type=EVENT_ID)
@click.option("--why", required=True, metavar="TEXT", help="kept with the event")
def drop(event_id: EventId, why: str) -> None:
    """Let one go for good; what it should have done does not happen."""
    for reaction in parked_events.drop(event_id, why):
        click.echo(f"{reaction} lets event {event_id} go")
