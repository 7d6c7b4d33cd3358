"""Every kind that moderators can remove × every door: removed nobody finds it, undone everybody finds it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask
from flask.testing import FlaskClient

from tests.support.people import MemberFactory
from tests.support.visibility_town import MAKERS, Thing, Town, send_links, word
from tests.web.platform.test_visibility import CALLS, PAGES

# Who reports is told of the title, and so is the owner: these look through no door.
LOOKERS = ("cora", "stella", "guest")
Found = set[tuple[str, str, str]]


def town_of(app: Flask) -> Town:
    from app.platform.event_log import run_reactions
    from app.platform.subjects import kinds
    from app.trust.vouches.service import vouch

    town, factory = Town(), MemberFactory(app)
    for name in ("olli", "cora", "stella", "bert", "bibi", "wanda"):
        town.people[name] = factory(name, role="merchant" if name == "olli" else "member")
    town.people["mo"] = factory("mo", role="moderator")
    for other in ("cora", "bert", "bibi", "stella"):
        vouch(town.people[other], town.people["olli"], "trust", "known for years")
        vouch(town.people["olli"], town.people[other], "trust", "known for years")
    for kind, make in MAKERS.items():
        if kinds()[kind].remove is not None:
            town.things.append(make(town, "standing", town.people["olli"], word(kind, "standing")))
    send_links(town)
    run_reactions()
    return town


def found(app: Flask, town: Town, sign_in: Callable[[FlaskClient, str], None]) -> Found:
    """Who finds which thing behind which door."""
    seen: Found = set()
    for viewer in LOOKERS:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{LOOKERS.index(viewer)}"
        headers = {}
        if viewer != "guest":
            sign_in(client, viewer)
            headers = {"Authorization": f"Bearer {town.tokens[viewer]}"}
        for door in doors(town, viewer):
            text = client.get(door, headers=headers if "/api/" in door else {}, follow_redirects=True).text
            seen |= {(viewer, thing.kind, door) for thing in town.things if thing.word in text}
        for thing in town.things:
            if thing.photo is not None:
                with client.get(f"/media/{thing.photo}/card.webp") as answer:
                    if answer.status_code == 200:
                        seen.add((viewer, thing.kind, "photo"))
    return seen


def doors(town: Town, viewer: str) -> Iterable[str]:
    yield from PAGES
    yield from town.own.get(viewer, [])
    for thing in town.things:
        yield from ([thing.page] if thing.page else [])
        yield from (one for one in thing.doors if viewer != "guest" or "/api/" not in one)
        yield f"/search?q={thing.search}"
    if viewer != "guest":
        yield from CALLS
        yield from (f"/api/v1/search?q={thing.search}" for thing in town.things)


def decide_about(town: Town, thing: Thing) -> str:
    from app.kernel.subjects import Subject
    from app.moderation.decisions.service import decide
    from app.moderation.reports.service import file_report

    report = file_report(town.people["bert"], Subject(thing.kind, thing.ident), "spam")
    decide(town.people["mo"], report, "remove", "It breaks the rules.")
    return report


def test_every_kind_that_is_removed_can_be_restored(app: Flask) -> None:
    from app.platform.subjects import kinds

    one_sided = [name for name, kind in kinds().items() if (kind.remove is None) != (kind.restore is None)]
    assert not one_sided


def test_what_is_removed_nobody_finds_and_what_is_restored_everybody(
    app: Flask, signed_in: Callable[..., FlaskClient]
) -> None:
    from app.moderation.decisions.service import undo
    from app.people.accounts.service import issue_token
    from app.platform.event_log import run_reactions
    from app.platform.subjects import visible

    town = town_of(app)
    for name in LOOKERS:
        if name in town.people:
            town.tokens[name] = issue_token(town.people[name])
    before = found(app, town, signed_in)
    assert {kind for _viewer, kind, _door in before} == {thing.kind for thing in town.things}
    reports = [decide_about(town, thing) for thing in town.things]
    while run_reactions():
        pass
    assert found(app, town, signed_in) == set()
    for thing in town.things:
        assert not visible(town.people["cora"], thing.kind, [thing.ident]), thing.kind
    for report in reports:
        undo(town.people["mo"], report, "Looked at again: it is fine.")
    while run_reactions():
        pass
    after = found(app, town, signed_in)
    assert after == before, sorted(after ^ before)
    for thing in town.things:
        assert visible(town.people["cora"], thing.kind, [thing.ident]), thing.kind
