"""The command line imports what a command needs, and not before."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from app.cli import SUBCOMMANDS, cli

LOADED = "import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"


def packages_of(module: str) -> set[str]:
    """What a fresh interpreter has loaded after it has imported the module."""
    statement = LOADED.format(module=module)
    done = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_help_says_what_each_command_says_of_itself() -> None:
    context = click.Context(cli)
    for name, (_place, says) in SUBCOMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(limit=60) == says, name


def test_help_imports_no_framework() -> None:
    loaded = packages_of("app.cli")
    assert loaded.isdisjoint({"flask", "sqlalchemy", "alembic", "numpy", "networkx", "rich"}), loaded


@pytest.mark.parametrize("command", ["token", "signin-link", "member"])
def test_a_way_in_opens_the_database_alone(command: str) -> None:
    loaded = packages_of(SUBCOMMANDS[command][0].partition(":")[0])
    assert "sqlalchemy" in loaded
    assert loaded.isdisjoint({"apiflask", "flask_limiter", "numba", "networkx", "scipy", "socketio", "PIL"}), loaded


def test_what_there_is_not_is_one_line() -> None:
    assert cli.get_command(click.Context(cli), "tokens") is None
