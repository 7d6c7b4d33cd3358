"""Every thing × every relation × every door: what `visible_to` denies comes through none of them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.support.visibility_town import MAKERS, VIEWERS, Thing, Town, build, seen_by, words_in

# Doors that lead to many things at once; of `{handle}` the owners' pages.
PAGES = (
    "/?mode=circle",  # is remembered: what "/" shows is the same each time
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
    "/searches",
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
    "/api/v1/saved-searches",
)


def test_every_kind_is_in_the_town(app: Flask) -> None:
    """A new kind without its rows here fails."""
    from app.platform.subjects import kinds

    assert set(kinds()) == set(MAKERS)


def test_what_is_not_visible_comes_through_no_door(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    from app.platform.subjects import visible

    app.config["WTF_CSRF_ENABLED"] = False
    town = build(app, MAKERS)
    wrong: list[str] = []
    for viewer in VIEWERS:
        ident = town.people.get(viewer)
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{VIEWERS.index(viewer)}"
        if viewer != "guest":
            signed_in(client, viewer)
        allowed = {thing.word for thing in town.things if seen_by(thing, viewer)}
        for thing in town.things:
            said = bool(visible(ident, thing.kind, [thing.ident]))
            if said != seen_by(thing, viewer):
                wrong.append(f"visible_to says {said} of {thing.kind} {thing.state} to {viewer}")
        found = _many(client, town, viewer)
        if viewer == "cora":
            wrong += [f"nothing of {kind} came to cora through {door}" for door, kind in _kept_of(town, found)]
        for door, text in found:
            wrong += [f"{viewer} at {door}: {leak}" for leak in words_in(text, town.things) - allowed]
        for thing in town.things:
            wrong += _own_doors(client, thing, viewer, allowed, _headers(town, viewer))
    assert not wrong, "\n".join(wrong)


def _many(client: FlaskClient, town: Town, viewer: str) -> list[tuple[str, str]]:
    pages = [*PAGES, *town.own.get(viewer, [])]
    found = [(door, client.get(door).text) for door in pages]
    searches = sorted({thing.search for thing in town.things})
    found += [(f"/search?q={one}", client.get(f"/search?q={one}").text) for one in searches]
    if viewer != "guest":
        headers = _headers(town, viewer)
        calls = [*CALLS, *(f"/api/v1/search?q={one}" for one in searches)]
        found += [(door, client.get(door, headers=headers).text) for door in calls]
    return found


def _kept_of(town: Town, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Through which doors to what she keeps nothing came: a walk past empty lists would prove nothing."""
    texts = dict(found)
    kept = [("/saved", "listing"), ("/saved", "recommendation"), ("/market/saved", "listing")]
    kept.append(("/notifications", "listing"))
    finds = " ".join(texts[door] for door in town.own["cora"] if door.startswith("/searches/"))
    standing = {thing.kind: thing.word for thing in town.things if thing.state == "standing"}
    return [(door, kind) for door, kind in kept if standing[kind] not in texts[door]] + [
        ("/searches", kind) for kind in ("listing", "item") if standing[kind] not in finds
    ]


def _headers(town: Town, viewer: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {town.tokens[viewer]}"} if viewer in town.tokens else {}


def _own_doors(client: FlaskClient, thing: Thing, viewer: str, allowed: set[str], headers: dict[str, str]) -> list[str]:
    wrong = []
    may = thing.word in allowed
    page = client.get(thing.page, follow_redirects=True) if thing.page else None
    if page is not None and may != (page.status_code == 200 and thing.word in page.text):
        wrong.append(f"{viewer} at {thing.page} ({thing.kind} {thing.state}): {page.status_code}, may be {may}")
    if not may:
        wrong += [
            f"{viewer} at {door} ({thing.kind} {thing.state})"
            for door in thing.doors
            if thing.word in client.get(door, headers=headers if "/api/" in door else {}).text
        ]
    if thing.photo is not None:
        with client.get(f"/media/{thing.photo}/card.webp") as answer:
            status = answer.status_code
        if status != (200 if may else 404):
            wrong.append(f"{viewer} at the photo of {thing.kind} {thing.state}: {status}, may be {may}")
    if not may and headers:
        wrong += [
            f"{viewer} may {write} ({thing.kind} {thing.state})"
            for write in thing.writes
            if _sent(client, write, headers) not in {403, 404}
        ]
    return wrong


def _sent(client: FlaskClient, write: str, headers: dict[str, str]) -> int:
    method, address = write.split()
    if method == "FORM":
        return client.post(address, data={"consent": "1", "keep": "1"}).status_code
    sent = {"text": "A word", "item": "nothing"}
    return client.open(address, method=method, headers=headers, json=sent).status_code
