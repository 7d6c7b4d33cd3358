"""`kinmarket trust …`: the answers of the pages and the API on the command line."""

from __future__ import annotations

import json

import click

from app.community.items import queries as items
from app.community.recommendations import queries as recommendations
from app.people.accounts.queries import member_id
from app.trust.circle import queries

NOBODY = "someone"


@click.group()
def group() -> None:
    """Whom a member trusts, and by which way."""


@group.command()
@click.argument("handle")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="a list of {member, score, distance, path}")
def circle(handle: str, top: int, as_json: bool) -> None:
    """The viewer's trusted people, best first.

    In a path, null (or "someone") is a middle link that does not want to be named.
    """
    members = queries.circle_members(member_id(handle), limit=top).members
    if as_json:
        _print([one.as_json() for one in members])
        return
    for one in members:
        click.echo(f"{one.score:.6f}  {one.distance}  {_arrows(one.trail.handles)}")


@group.command()
@click.argument("viewer")
@click.argument("target")
@click.option("--json", "as_json", is_flag=True)
def explain(viewer: str, target: str, as_json: bool) -> None:
    """Score, independent ways and strongest paths from one member to another."""
    found = queries.explain(member_id(viewer), member_id(target))
    if as_json:
        _print(found.as_json())
    elif found.distance is None:
        click.echo(f"no way leads from {viewer} to {target}")
    else:
        click.echo(f"score {found.score:.6f}, distance {found.distance}, ", nl=False)
        click.echo(f"independent ways {found.independent_ways}")
        for path in found.paths:
            click.echo(f"  {_arrows(path)}")


@group.command()
@click.argument("viewer")
@click.argument("item_external_id")
@click.option("--json", "as_json", is_flag=True)
def endorsements(viewer: str, item_external_id: str, as_json: bool) -> None:
    """Who in the viewer's circle says what of an item, and how many others."""
    item = items.get_by_external(item_external_id)
    found = recommendations.endorsements(
        member_id(viewer), item.id, most=recommendations.EVERYBODY
    )
    if as_json:
        _print(found.as_json())
        return
    click.echo(f"{item.title}: {len(found.trusted)} trusted, ", nl=False)
    click.echo(f"independent ways {found.independent_ways}")
    for one in found.trusted:
        rating = "" if one.rating is None else f" ({one.rating:g})"
        paid = "" if one.disclosure == "none" else f" [{one.disclosure}]"
        click.echo(f"{one.score:.6f}  {one.stance}{rating}{paid}  {_arrows(one.path)}")
    others = found.others
    click.echo(f"everybody else: {others.recommend} recommend, ", nl=False)
    click.echo(f"{others.neutral} neutral, {others.avoid} avoid")


@group.command()
@click.option("--json", "as_json", is_flag=True)
def stats(as_json: bool) -> None:
    """Members, directed trust edges in force, bytes, newest event."""
    found = queries.stats().as_json()
    if as_json:
        _print(found)
        return
    for name, value in found.items():
        click.echo(f"{name}: {value}")


def _print(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))


def _arrows(path: list[str | None]) -> str:
    return " -> ".join(one or NOBODY for one in path)
