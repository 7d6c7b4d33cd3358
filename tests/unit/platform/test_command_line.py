"""The command line imports what a command needs, and not before."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from app.cli import SUBCOMMANDS, cli

LOADED = (
    "import sys; from app.cli import cli; import click; cli.get_command(click.Context(cli), {command!r});"
    "print(*{{name.partition('.')[0] for name in sys.modules}})"
)
FRAMEWORKS = {"flask", "sqlalchemy", "alembic", "numpy", "networkx", "rich", "structlog"}
# What a way in has no use for, and what libraries would take along only because it is installed.
UNUSED = {
    *("apiflask", "flask_limiter", "numba", "numpy", "networkx", "scipy", "socketio", "PIL", "pydantic"),
    *("alembic", "mako", "rich", "pygments", "confusable_homoglyphs", "bleach", "markdown_it"),
}


def packages_of(command: str) -> set[str]:
    """What a fresh interpreter has loaded when it has found the command; "": only the table of commands."""
    statement = LOADED.format(command=command)
    done = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_help_says_what_each_command_says_of_itself() -> None:
    context = click.Context(cli)
    for name, (_place, says) in SUBCOMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(limit=60) == says, name


def test_help_imports_no_framework() -> None:
    loaded = packages_of("")
    assert loaded.isdisjoint(FRAMEWORKS), loaded & FRAMEWORKS


def test_serve_hands_over_before_it_has_loaded_anything() -> None:
    loaded = packages_of("serve")
    assert loaded.isdisjoint(FRAMEWORKS), loaded & FRAMEWORKS


@pytest.mark.parametrize("command", ["token", "signin-link", "member"])
def test_a_way_in_opens_the_database_alone(command: str) -> None:
    loaded = packages_of(command)
    assert "sqlalchemy" in loaded
    assert loaded.isdisjoint(UNUSED), loaded & UNUSED


def test_what_there_is_not_is_one_line() -> None:
    assert cli.get_command(click.Context(cli), "tokens") is None
