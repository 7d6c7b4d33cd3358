"""The feed: who is heard, in which order, and what was left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest

from app.community.items.service import add_item
from app.community.recommendations.service import recommend, remove_by_moderator
from app.discovery.feed.queries import CIRCLE, EXPLORE, feed
from app.discovery.feed.values import Entry
from app.kernel.clock import clock
from app.kernel.errors import Invalid
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

People = dict[str, int]
START = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def people(member: MemberFactory) -> People:
    ids = {one: member(one) for one in ("ana", "bo", "cem", "eve")}
    vouch(ids["ana"], ids["bo"], "trust_fully")
    vouch(ids["bo"], ids["cem"], "trust")
    return ids


def fill(people: People, number: int) -> None:
    """One recommendation and one gift each minute, by one after the other."""
    with clock.freeze(START) as held:
        for n, who in zip(range(number), cycle(["bo", "cem", "eve"]), strict=False):
            thing = add_item(people["eve"], kind="product", title=f"Thing {n}")
            recommend(people[who], thing, "recommend", text="good")
            held.advance(timedelta(seconds=30))
            draft = ListingDraft(kind="give", title=f"Gift {n}", category="home", condition="good")
            publish_listing(people[who], draft)
            held.advance(timedelta(seconds=30))


def walk(viewer: int | None, mode: str, limit: int) -> list[Entry]:
    seen: list[Entry] = []
    cursor = None
    for _page in range(50):
        page = feed(viewer, mode, limit=limit, cursor=cursor)
        seen += page.items
        cursor = page.next
        if cursor is None:
            return seen
    raise AssertionError("the feed has no end")


def test_my_circle_newest_first_each_with_the_way(people: People) -> None:
    fill(people, 9)
    found = walk(people["ana"], CIRCLE, 4)
    assert len(found) == len({one.id for one in found}) == 12
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
    assert {one.member.handle for one in found} == {"bo", "cem"}
    for one in found:
        assert one.trail is not None
        assert one.trail.handles[-1] == one.member.handle
        assert one.score > 0
    assert {one.kind for one in found} == {"recommendation", "listing"}


def test_what_the_circle_leaves_out_is_counted(people: People) -> None:
    fill(people, 9)
    page = feed(people["ana"], CIRCLE, limit=50)
    assert page.next is None
    assert page.hidden == 6
    alone = feed(people["eve"], CIRCLE)
    assert (alone.items, alone.hidden) == ([], 12)
    everything = walk(people["ana"], EXPLORE, 5)
    assert len(everything) == len({one.id for one in everything}) == 18


def test_everybody_is_in_explore_the_trusted_first_on_a_page(people: People) -> None:
    fill(people, 9)
    page = feed(people["ana"], EXPLORE, limit=50)
    scores = [one.score for one in page.items]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == 0
    assert page.items[-1].trail is None
    visitor = feed(None, EXPLORE, limit=50)
    assert len(visitor.items) == 18
    assert [one.at for one in visitor.items] == sorted((one.at for one in visitor.items), reverse=True)


def test_what_was_removed_is_not_shown(people: People) -> None:
    fill(people, 3)
    before = walk(people["ana"], CIRCLE, 10)
    gone = next(one for one in before if one.kind == "recommendation")
    remove_by_moderator(gone.id)
    after = walk(people["ana"], CIRCLE, 10)
    assert {one.id for one in before} - {one.id for one in after} == {gone.id}


@pytest.mark.parametrize("cursor", ["x", "eyJhIjoxfQ", "WyJ4IiwgInkiXQ"])
def test_a_damaged_cursor_is_refused(people: People, cursor: str) -> None:
    with pytest.raises(Invalid):
        feed(people["ana"], CIRCLE, cursor=cursor)


def test_an_unknown_mode_is_refused(people: People) -> None:
    with pytest.raises(Invalid):
        feed(people["ana"], "best")
