"""Searching everything, on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.discovery.search import service
from app.discovery.search.queries import search as search_for
from app.discovery.search.values import Results, Wanted
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.messaging.groups.service import close_room, open_room
from app.people.accounts.service import suspend
from app.people.blocks.service import block
from app.platform.database import unit_of_work
from app.platform.event_log import run_reactions
from app.platform.search import index as search_index
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory


def search(viewer: int | None, q: str, kind: str | None = None, cursor: str | None = None, **more: object) -> Results:
    return search_for(viewer, Wanted(q=q, kind=kind, **more), cursor=cursor)  # type: ignore[arg-type] # as the case has it


@pytest.fixture
def town(app: Flask, member: MemberFactory) -> dict[str, int]:
    """Ana trusts Bo, Bo trusts Cem Teapot, who sells a teapot and recommends another."""
    ids = {
        "ana": member("ana", name="Ana"),
        "bo": member("bo", name="Bo"),
        "cem": member("cem", name="Cem Teapot"),
        "dan": member("dan", name="Dan"),
    }
    vouch(ids["ana"], ids["bo"], "trust_fully")
    vouch(ids["bo"], ids["cem"], "trust_fully")
    publish_listing(ids["cem"], ListingDraft(kind="sale", title="Blue teapot", condition="good", price=Decimal(9)))
    item = add_item(ids["cem"], kind="product", title="Yixing teapot 茶壺", category="kitchen")
    recommend(ids["cem"], item, "recommend", text="Pours well.")
    recommend(ids["dan"], item, "recommend")
    run_reactions()
    return ids


def test_every_kind_is_counted_and_comes_with_its_way(town: dict[str, int]) -> None:
    found = search(town["ana"], "teapot")
    assert found.counts == {"listing": 1, "item": 1, "member": 1, "room": 0}
    assert found.kind == "listing"
    assert found.listings[0].trail is not None
    assert found.listings[0].trail.handles == ["ana", "bo", "cem"]
    [item] = search(town["ana"], "teapot", "item").items
    assert item.recommending == 1
    assert item.trail is not None
    assert item.trail.handles == ["ana", "bo", "cem"]
    [person] = search(town["ana"], "teapot", "member").members
    assert person.trail is not None
    assert person.trail.distance == 2


def test_a_visitor_finds_the_same_without_ways(town: dict[str, int]) -> None:
    assert search(None, "茶壺").kind == "item"
    assert search(None, "茶壺").items[0].trail is None
    assert search(None, "nothing like it").nothing
    assert search(None, "  ").nothing


def test_whom_i_blocked_i_do_not_find(town: dict[str, int]) -> None:
    block(town["ana"], town["cem"])
    assert search(town["ana"], "teapot", "member").nothing
    assert search(town["ana"], "teapot", "listing").nothing


def test_pages_of_people(town: dict[str, int], member: MemberFactory) -> None:
    for n in range(30):
        member(f"potter{n}", name=f"Potter {n}")
    run_reactions()
    first = search(town["ana"], "potter", "member")
    assert len(first.members) == 24
    rest = search(town["ana"], "potter", "member", cursor=first.next)
    assert len(rest.members) == 6
    assert rest.next is None


def test_a_rebuild_finds_the_same_again(town: dict[str, int]) -> None:
    before = search(town["ana"], "teapot").counts
    with unit_of_work():
        search_index.clear()
    assert search(town["ana"], "teapot").nothing
    steps: list[tuple[int, int]] = []
    service.rebuild_search(lambda done, total: steps.append((done, total)))
    assert search(town["ana"], "teapot").counts == before
    assert steps[-1][0] == steps[-1][1] == 6


def test_what_came_without_events_is_added_once(town: dict[str, int]) -> None:
    assert service.add_missing() == 0
    with unit_of_work():
        search_index.remove("member", [str(town["cem"])])
    assert service.add_missing() == 1
    assert search(town["ana"], "teapot", "member").members


def test_open_rooms_are_found_by_members_until_they_are_closed(town: dict[str, int], member: MemberFactory) -> None:
    mo = member("mo", role="moderator")
    room = open_room(town["cem"], "Teapot lovers", place="Lund")
    run_reactions()
    [found] = search(town["ana"], "teapot", "room", near="lund").rooms
    assert (found.id, found.trusted) == (room, 1)
    assert found.trail is not None
    assert found.trail.handles == ["ana", "bo", "cem"]
    assert "room" not in search(None, "teapot").counts
    close_room(mo, room)
    run_reactions()
    assert search(town["ana"], "teapot", "room").nothing


def test_a_trust_distance_says_what_it_hides(town: dict[str, int]) -> None:
    ana = town["ana"]
    assert search(ana, "teapot", "listing", hops=1).hidden == 1
    assert search(ana, "teapot", "listing", hops=2).hidden == 0
    assert search(ana, "teapot", "item", hops=1).hidden == 1
    [item] = search(ana, "teapot", "item", hops=2).items
    assert item.recommending == 1
    assert search(ana, "teapto", hops=2).corrected == "teapot"
    assert search(ana, "teapto", exact=True).nothing


def test_nothing_of_a_suspended_member_is_found(town: dict[str, int], member: MemberFactory) -> None:
    suspend(member("mo", role="moderator"), town["cem"])
    run_reactions()
    assert search(town["ana"], "teapot", "listing").nothing
    assert search(town["ana"], "teapot", "member").nothing
