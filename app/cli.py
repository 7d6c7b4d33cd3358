"""The `kinmarket` command: which subcommands there are; each is imported when it is called."""

from __future__ import annotations

import gc
import os
from importlib import import_module
from typing import Any, Final, cast

import click

from app import lean
from app.kernel.errors import DomainError

# Where a subcommand lives, and what `--help` says of it without importing it.
SUBCOMMANDS: Final = {
    "backup": ("app.commands.upkeep:backup", "Write database and uploads into one file."),
    "check": ("app.commands.upkeep:check", "Verify every invariant of the data."),
    "config": ("app.commands.config:config", "Print every setting, its value (secrets masked) and its..."),
    "demo": ("app.commands.demo:demo", "Fill an empty database with a believable community."),
    "events": ("app.platform.commands:group", "Events that a reaction could not handle."),
    "evidence": ("app.community.purchases.commands:group", "Evidence of purchases, which marks recommendations as..."),
    "import": ("app.importing.commands:group", "Bring in data in bulk."),
    "member": ("app.commands.accounts:member", "Members."),
    "rebuild": ("app.commands.upkeep:rebuild", "Drop a projection (trust, search, reports) and build it..."),
    "restore": ("app.commands.upkeep:restore", "Fill an empty installation from a backup."),
    "serve": ("app.commands.server:serve", "Production server, background jobs included."),
    "signin-link": ("app.commands.accounts:signin_link", "Print a one-time sign-in address."),
    "token": ("app.commands.accounts:token", "Print a new API token."),
    "trust": ("app.trust.commands:group", "Whom a member trusts, and by which way."),
    "worker": ("app.commands.worker:worker", "Background jobs alone, for when several servers run."),
}
# Groups of rooms find the application ready.
# These load nothing of the application.
ALONE: Final = frozenset({"serve", "config"})
QUIET: Final = 100_000  # new objects before the first look for cycles among them
ROOMS: Final = frozenset({"trust", "import", "evidence", "events"})


class Kinmarket(click.Group):
    """Refusals end with one clear line and exit code 1 instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all subcommands."""
        return sorted(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand, imported now; None when there is none of this name."""
        if cmd_name not in SUBCOMMANDS:
            return None
        if cmd_name not in ALONE:
            lean.import_logs()
        module, _colon, name = SUBCOMMANDS[cmd_name][0].partition(":")
        return cast(click.Command, getattr(import_module(module), name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUBCOMMANDS[name][1]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; a refusal of the domain is one line."""
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            raise click.ClickException(refusal.message) from refusal


@click.group(cls=Kinmarket, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Kinmarket: a community that buys, sells and recommends through people it trusts."""
    # What this process writes (database, keys, mail, backups) is for nobody else on the machine.
    os.umask(0o077)
    if ctx.invoked_subcommand in ROOMS:
        import_module("app.commands.opening").open_application(ctx)


def main() -> None:
    """Entry point of the `kinmarket` script."""
    # What a command loads stays until it ends: looking through it again and again is a fifth of its time.
    gc.set_threshold(QUIET)
    cli()


if __name__ == "__main__":
    main()
