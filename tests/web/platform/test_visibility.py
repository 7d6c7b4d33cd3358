"""Every thing × every relation × every door: what `visible_to` denies comes through none of them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.support.visibility_town import MAKERS, VIEWERS, Thing, Town, build, seen_by, words_in

# Doors that lead to many things at once; of `{handle}` the owners' pages.
PAGES = (
    "/",
    "/explore",
    "/market",
    "/market?sort=trust",
    "/items",
    "/asks",
    "/rooms",
    "/people",
    "/notifications",
    "/market/saved",
    "/saved",
    "/m/olli",
    "/m/susan",
    "/s/olli",
    "/s/susan",
    "/settings/privacy/export",
)
CALLS = (
    "/api/v1/feed?mode=circle",
    "/api/v1/feed?mode=explore",
    "/api/v1/listings",
    "/api/v1/asks",
    "/api/v1/rooms",
    "/api/v1/notifications",
    "/api/v1/saved",
)


def test_every_kind_is_in_the_town(app: Flask) -> None:
    """A new kind without its rows here fails."""
    from app.platform.subjects import kinds

    assert set(kinds()) == set(MAKERS)


def test_what_is_not_visible_comes_through_no_door(
    app: Flask, signed_in: Callable[..., FlaskClient]
) -> None:
    from app.platform.subjects import visible

    town = build(app, MAKERS)
    wrong: list[str] = []
    for viewer in VIEWERS:
        ident = town.people.get(viewer)
        client = app.test_client()
        if viewer != "guest":
            signed_in(client, viewer)
        allowed = {thing.word for thing in town.things if seen_by(thing, viewer)}
        for thing in town.things:
            said = bool(visible(ident, thing.kind, [thing.ident]))
            if said != seen_by(thing, viewer):
                wrong.append(f"visible_to says {said} of {thing.kind} {thing.state} to {viewer}")
        for door, text in _many(client, town, viewer):
            wrong += [f"{viewer} at {door}: {leak}" for leak in words_in(text, town.things) - allowed]
        for thing in town.things:
            wrong += _own_doors(client, thing, viewer, allowed, _headers(town, viewer))
    assert not wrong, "\n".join(wrong)


def _many(client: FlaskClient, town: Town, viewer: str) -> list[tuple[str, str]]:
    found = [(door, client.get(door).text) for door in PAGES]
    searches = sorted({thing.search for thing in town.things})
    found += [(f"/search?q={one}", client.get(f"/search?q={one}").text) for one in searches]
    if viewer != "guest":
        headers = _headers(town, viewer)
        calls = [*CALLS, *(f"/api/v1/search?q={one}" for one in searches)]
        found += [(door, client.get(door, headers=headers).text) for door in calls]
    return found


def _headers(town: Town, viewer: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {town.tokens[viewer]}"} if viewer in town.tokens else {}


def _own_doors(
    client: FlaskClient, thing: Thing, viewer: str, allowed: set[str], headers: dict[str, str]
) -> list[str]:
    wrong = []
    may = thing.word in allowed
    answer = client.get(thing.page)
    if may != (answer.status_code == 200 and thing.word in answer.text):
        wrong.append(f"{viewer} at {thing.page} ({thing.kind} {thing.state}): {answer.status_code}, may be {may}")
    if not may:
        wrong += [
            f"{viewer} at {door} ({thing.kind} {thing.state})"
            for door in thing.doors
            if thing.word in client.get(door, headers=headers if "/api/" in door else {}).text
        ]
    return wrong
