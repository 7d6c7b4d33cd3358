"""`kinmarket trust …`: the answers of the pages and the API on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import click
from rich.console import Console
from rich.progress import Progress

from app.community.items import queries as items
from app.community.recommendations import queries as recommendations
from app.people.accounts.queries import member_id
from app.platform.vocabulary.reading import category_name
from app.trust.circle import queries
from app.trust.circle.values import ExplainedTrail, Link, SetExplanation
from app.trust.reputation import queries as reputations
from app.trust.reputation import service as reputation_service

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
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--paths", default=queries.SHOWN_PATHS, show_default=True, type=click.IntRange(1, 10))
@click.option("--topic", help="count vouches for this topic fully")
@click.option("--json", "as_json", is_flag=True)
def explain(viewer: str, targets: tuple[str, ...], paths: int, topic: str | None, as_json: bool) -> None:
    """Score, independent ways and strongest paths from one member to another, with reasons.

    With several targets: how they are known together, each by the strongest path.
    """
    me, ids = member_id(viewer), [member_id(one) for one in targets]
    if len(ids) > 1:
        _explain_set(viewer, queries.explain_set(me, ids, topic), as_json)
        return
    found = queries.explain(me, ids[0], paths, topic)
    if as_json:
        _print(found.as_json())
    elif found.distance is None:
        click.echo(f"no way leads from {viewer} to {targets[0]}")
    else:
        borrowed = ", borrowed" if found.borrowed else ""
        click.echo(f"score {found.score:.6f}, distance {found.distance}, ", nl=False)
        click.echo(f"independent ways {found.independent_ways}{borrowed}")
        for way in found.trails:
            _echo_way(way)


def _explain_set(viewer: str, found: SetExplanation, as_json: bool) -> None:
    if as_json:
        _print(found.as_json())
        return
    click.echo(f"{found.reached} of {len(found.members)} reached, ", nl=False)
    click.echo(f"independent ways {found.independent_ways}")
    for one in found.members:
        if one.way is None:
            click.echo(f"  no way leads from {viewer} to {one.member.handle}")
        else:
            _echo_way(one.way)


def _echo_way(way: ExplainedTrail) -> None:
    handles = way.trail.handles
    click.echo(f"  {_arrows(handles)}")
    for (first, second), link in zip(pairwise(handles), way.links, strict=True):
        click.echo(f"    {first or NOBODY} -> {second or NOBODY}: {_reason(link)}")


def _reason(link: Link) -> str:
    if link.kind == "hidden":
        return "not to be named"
    words = {"import": "trusts (imported)", "invited": "invited", "invited_by": "came through"}
    said = words.get(link.kind) or f"{link.kind} {(link.strength or '').replace('_', ' ')}".strip()
    if link.orders:
        said += f", orders that ended well: {link.orders}"
    if link.topic:
        said += f", on: {category_name(link.topic)}"
    return said + (f" — {link.reason}" if link.reason else "")


@group.command()
@click.argument("viewer")
@click.argument("item_external_id")
@click.option("--json", "as_json", is_flag=True)
def endorsements(viewer: str, item_external_id: str, as_json: bool) -> None:
    """Who in the viewer's circle says what of an item, and how many others."""
    item = items.get_by_external(item_external_id)
    found = recommendations.endorsements(
        member_id(viewer), item.id, most=recommendations.EVERYBODY, category=item.category, exact=True
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


@group.group()
def seeds() -> None:
    """The members from whom reputation flows; you name them, nobody guesses."""


@seeds.command("add")
@click.argument("handles", nargs=-1, required=True, metavar="HANDLE...")
def seeds_add(handles: tuple[str, ...]) -> None:
    """Name members as seeds."""
    for handle in handles:
        new = reputation_service.name_seed(None, member_id(handle))
        click.echo(f"{handle} is a seed now" if new else f"{handle} is a seed already")


@seeds.command("remove")
@click.argument("handles", nargs=-1, required=True, metavar="HANDLE...")
def seeds_remove(handles: tuple[str, ...]) -> None:
    """Take members out of the seeds."""
    for handle in handles:
        reputation_service.drop_seed(None, member_id(handle))
        click.echo(f"{handle} is no seed any more")


@seeds.command("list")
@click.option("--json", "as_json", is_flag=True, help="a list of handles")
def seeds_list(as_json: bool) -> None:
    """Who is a seed."""
    found = reputations.seed_handles()
    if as_json:
        _print(found)
        return
    for handle in found:
        click.echo(handle)


@group.command()
def reputation() -> None:
    """Compute everybody's standing from the seeds, and who is certified."""
    run_id = reputation_service.begin(None)
    with _progress("reputation") as step:
        reputation_service.compute(run_id, step)
    run = reputations.latest_run()
    if run is not None:
        click.echo(f"members={run.members} certified={run.certified}")


@contextmanager
def _progress(label: str) -> Iterator[reputation_service.Progress]:
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))


def _arrows(path: list[str | None]) -> str:
    return " -> ".join(one or NOBODY for one in path)
