"""`kinmarket member`, `token`, `signin-link`: a way in, from the command line."""

from __future__ import annotations

import click

from app.commands.environment import settings_here
from app.commands.opening import with_database
from app.people.accounts import queries as accounts
from app.people.accounts import service as accounts_service


@click.group()
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
@with_database
def member_add(handle: str, name: str | None, email: str | None, role: str) -> None:
    """Add a member."""
    accounts_service.add_member(handle, name=name, email=email, role=role)
    click.echo(f"added {handle}")


@click.command()
@click.argument("handle")
@with_database
def token(handle: str) -> None:
    """Print a new API token."""
    click.echo(accounts_service.issue_token(accounts.member_id(handle)))


@click.command("signin-link")
@click.argument("handle")
@with_database
def signin_link(handle: str) -> None:
    """Print a one-time sign-in address."""
    click.echo(settings_here().public_url + accounts_service.signin_link(accounts.member_id(handle)))
