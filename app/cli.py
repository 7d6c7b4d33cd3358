"""The `kinmarket` command."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app import create_app
from app.community.purchases.commands import group as evidence_group
from app.demo.community import fill_demo
from app.importing.commands import group as import_group
from app.kernel.errors import DomainError
from app.people.accounts import queries as accounts
from app.people.accounts import service as accounts_service
from app.platform import backup as backups
from app.platform import checks, projections, schema
from app.platform.commands import group as events_group
from app.platform.job_queue import somebody_works
from app.platform.jobs import Background
from app.platform.settings import BadSetting, load_settings
from app.trust.commands import group as trust_group

DEFAULT_PORT = 8000
WORKER_DRAIN = 20.0  # seconds for the jobs that are under way


class Kinmarket(click.Group):
    """Refusals end with one clear line and exit code 1 instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            raise click.ClickException(refusal.message) from refusal


def _progress(label: str) -> tuple[Progress, Callable[[int, int], None]]:
    bar = Progress(console=Console(stderr=True))
    task = bar.add_task(label, total=None)

    def step(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    return bar, step


def with_app(command: Callable[..., None]) -> Callable[..., None]:
    """Open the application with an up-to-date schema around a command."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        settings = load_settings(port=_port())
        app = create_app(settings)
        schema.upgrade(app)
        with app.app_context():
            command(*args, **kwargs)

    return wrapped


def _port() -> int:
    given = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not (given.isascii() and given.isdigit() and 0 < int(given[:6]) < 65536):
        raise BadSetting("PORT: must be a number from 1 to 65535")
    return int(given)


@click.group(cls=Kinmarket, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Kinmarket: a community that buys, sells and recommends through people it trusts."""
    # What this process writes (database, keys, mail, backups) is for nobody else on the machine.
    os.umask(0o077)
    if ctx.invoked_subcommand in {"trust", "import", "evidence", "events"}:
        # These groups come from their rooms and find the application ready.
        app = create_app(load_settings(port=_port()))
        schema.upgrade(app)
        ctx.with_resource(app.app_context())


cli.add_command(trust_group, "trust")
cli.add_command(import_group, "import")
cli.add_command(evidence_group, "evidence")
cli.add_command(events_group, "events")


def _require_free(host: str, port: int) -> None:
    """Before the server takes over, for a clear word instead of its traceback."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], found[1]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
    except OSError as problem:
        raise BadSetting(f"{host} port {port} cannot be listened on: {problem.strerror or problem}") from problem


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=None, type=click.IntRange(1, 65535), help="8000, or $PORT")
@click.option("--no-background", is_flag=True, help="jobs run elsewhere, by `kinmarket worker`")
def serve(host: str, port: int | None, no_background: bool) -> None:
    """Production server, background jobs included."""
    port = port or _port()
    schema.upgrade(create_app(load_settings(port=port)))
    _require_free(host, port)
    words = [sys.executable, "-m", "app.serving", "--host", host, "--port", str(port)]
    # A fresh interpreter, because gevent must patch before anything else is imported.
    os.execv(sys.executable, [*words, "--no-background"] if no_background else words)  # noqa: S606 - our own module


@cli.command()
@click.option("--check", is_flag=True, help="only say whether one was heard of a moment ago; exit code 1 if not")
def worker(check: bool) -> None:
    """Background jobs alone, for when several servers run."""
    app = create_app(load_settings())
    if check:
        with app.app_context():
            if not somebody_works():
                raise click.ClickException("no worker was heard of in the last minute")
        return
    schema.upgrade(app)
    work = Background(app)
    # Process 1 of a container hears no signal that it has no handler for.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_told: work.ask_to_stop())
    work.start()
    work.wait()
    work.stop(WORKER_DRAIN)


@cli.command()
@click.option("--members", default=60, show_default=True, type=click.IntRange(8, 2000))
@with_app
def demo(members: int) -> None:
    """Fill an empty database with a believable community."""
    bar, step = _progress("demo")
    with bar:
        fill_demo(members, step)


@cli.group()
def member() -> None:
    """Members."""


@member.command("add")
@click.argument("handle")
@click.option("--name")
@click.option("--email")
@click.option(
    "--role",
    default="member",
    show_default=True,
    type=click.Choice(["member", "merchant", "moderator", "operator"]),
)
@with_app
def member_add(handle: str, name: str | None, email: str | None, role: str) -> None:
    """Add a member."""
    accounts_service.add_member(handle, name=name, email=email, role=role)
    click.echo(f"added {handle}")


@cli.command()
@click.argument("handle")
@with_app
def token(handle: str) -> None:
    """Print a new API token."""
    click.echo(accounts_service.issue_token(accounts.member_id(handle)))


@cli.command("signin-link")
@click.argument("handle")
@with_app
def signin_link(handle: str) -> None:
    """Print a one-time sign-in address."""
    settings = load_settings(port=_port())
    click.echo(settings.public_url + accounts_service.signin_link(accounts.member_id(handle)))


@cli.command()
@click.argument("name")
@with_app
def rebuild(name: str) -> None:
    """Drop a projection (trust, search, reports) and build it again from the tables."""
    bar, step = _progress(f"rebuild {name}")
    with bar:
        projections.rebuild(name, step)
    click.echo(f"rebuilt {name}")


@cli.command()
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


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_app
def backup(file: Path) -> None:
    """Write database and uploads into one file."""
    counts = backups.write_backup(file, load_settings())
    click.echo(f"wrote {file}: {sum(counts.values())} rows")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_app
def restore(file: Path) -> None:
    """Fill an empty installation from a backup."""
    counts = backups.read_backup(file, load_settings())
    bar, step = _progress("search")
    with bar:
        projections.rebuild("search", step)
    click.echo(f"restored {sum(counts.values())} rows")


@cli.command()
def config() -> None:
    """Print every setting, its value (secrets masked) and its meaning."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for row in load_settings(port=_port()).described():
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def main() -> None:
    """Entry point of the `kinmarket` script."""
    cli()


if __name__ == "__main__":
    main()
