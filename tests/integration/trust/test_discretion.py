"""A mask hides nobody who is the only one that fits: every door of trust, with one to four middle links."""

from __future__ import annotations

import pytest
from flask import Flask

from app.community.items.service import add_item
from app.community.recommendations.queries import endorsements, glances
from app.community.recommendations.service import recommend
from app.discovery.feed.queries import feed
from app.discovery.people_suggestions.queries import friends_in_common, picture, suggestions
from app.people.accounts.service import add_member
from app.people.profiles.service import edit_profile
from app.platform.event_log import run_reactions
from app.trust.circle import queries as circles
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory


def told_of(app: Flask, viewer: int, target: int, item: str) -> list[str]:
    """By which doors the viewer learns that there is a way to the target."""
    circle = circles.circle_of(viewer)
    runner = app.test_cli_runner()
    doors = {
        "circle": any(one.member.id == target for one in circles.circle_members(viewer).members),
        "trails": bool(circles.trails(viewer, [target])),
        "score": circle.score(target) > 0 or target in circle,
        "distance": circle.distance(target) is not None,
        "within": target in circle.within(3),
        "explain": circles.explain(viewer, target).distance is not None,
        "explain paths": bool(circles.explain(viewer, target, paths=10).trails),
        "explain score": circles.explain(viewer, target).score > 0,
        "several": circles.explain_set(viewer, [target]).reached > 0,
        "ways": circles.independent_ways(viewer, [target]) > 0,
        "endorsements": bool(endorsements(viewer, item).trusted) or endorsements(viewer, item).independent_ways > 0,
        "glances": glances(viewer, [item])[item].trail is not None,
        "feed": any(one.said and one.said.item_id == item for one in feed(viewer, "circle").items),
        "suggestions": any(one.member.id == target for one in suggestions(viewer)),
        "friends": friends_in_common(viewer, target) is not None,
        "picture": any(dot.member and dot.member.id == target for dot in picture(viewer).dots),
        "command": "target" in runner.invoke(args=["trust", "circle", "mia", "--json"]).output,
    }
    return [door for door, told in doors.items() if told]


@pytest.mark.parametrize("middle", [1, 2, 3, 4])
def test_no_way_leads_on_through_few_discreet_members(app: Flask, member: MemberFactory, middle: int) -> None:
    me, target = member("mia"), member("target")
    links = [member(f"quiet{number}", discreet=True) for number in range(middle)]
    for link in links:
        vouch(me, link, "trust", "a friend")
        vouch(link, target, "trust", "a secret")
    item = add_item(target, kind="place", title="The Harbour")
    recommend(target, item, "recommend", text="Quiet")
    found = told_of(app, me, target, item)
    if middle < 3:
        assert found == []
        return
    assert {"circle", "trails", "explain", "ways", "endorsements"} <= set(found)
    [trail] = circles.trails(me, [target]).values()
    assert trail.handles == ["mia", None, "target"]
    assert circles.explain(me, target).as_json()["paths"] == [["mia", None, "target"]] * min(3, middle)


def test_another_way_is_told_in_the_place_of_one_that_tells_too_much(member: MemberFactory) -> None:
    me, target, quiet, friend, far = (
        member("mia"), member("target"), member("quiet", discreet=True), member("friend"), member("far"),
    )  # fmt: skip
    vouch(me, quiet, "trust_fully", "a friend")
    vouch(quiet, target, "trust_fully", "a secret")
    vouch(me, friend, "acquainted", "a neighbour")
    vouch(friend, far, "acquainted", "a neighbour")
    vouch(far, target, "acquainted", "a neighbour")
    [trail] = circles.trails(me, [target]).values()
    assert trail.handles == ["mia", "friend", "far", "target"]
    # Neither the number of steps nor of ways counts the one that is not told.
    assert (trail.distance, circles.independent_ways(me, [target])) == (3, 1)


def test_whoever_becomes_discreet_is_so_at_once(member: MemberFactory) -> None:
    me, target, link = member("mia"), member("target"), member("link")
    vouch(me, link, "trust", "a friend")
    vouch(link, target, "trust", "a friend")
    assert circles.circle_of(me).distance(target) == 2
    edit_profile(link, name="Link", bio="", place="", discreet=True)
    assert circles.circle_of(me).distance(target) is None
    edit_profile(link, name="Link", bio="", place="", discreet=False)
    assert circles.circle_of(me).distance(target) == 2


def test_behind_a_discreet_inviter_nobody_is_told(member: MemberFactory) -> None:
    quiet, target = member("quiet", discreet=True), member("target")
    vouch(quiet, target, "trust", "a secret")
    newcomer = add_member("newcomer", inviter_id=quiet)
    run_reactions()
    assert target not in circles.circle_of(newcomer)
    assert [one.member.handle for one in circles.circle_members(newcomer).members] == ["quiet"]
