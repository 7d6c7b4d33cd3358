"""Whom to meet, friends in common, muting, and the circle as a picture."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.discovery.people_suggestions import privacy, queries, service
from app.kernel.errors import Invalid, NotFound
from app.people.blocks.service import block
from app.trust.circle.queries import circle_of
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def town(member: MemberFactory) -> dict[str, int]:
    """Ana trusts Bo, Cem and the discreet Dee; Eve is known to Bo and Cem, Fay to Bo, Gil (discreet) to Cem."""
    ids = {name: member(name) for name in ("ana", "bo", "cem", "eve", "fay", "hal")}
    ids |= {name: member(name, discreet=True) for name in ("dee", "gil")}
    for truster, trustees in {"ana": "bo cem dee", "bo": "eve fay", "cem": "eve gil", "dee": "eve"}.items():
        for trustee in trustees.split():
            vouch(ids[truster], ids[trustee], "trust_fully")
    circle_of(ids["ana"])
    return ids


def own(sent: list[str]) -> list[str]:
    """Without what the graph asks; outside a request it looks for news each time."""
    return [one for one in sent if "event_log" not in one]


def names(found: list[Any]) -> list[str]:
    return [one.member.handle for one in found]


def test_who_is_known_by_several_comes_first_with_the_way(town: dict[str, int]) -> None:
    with statements() as sent:
        found = queries.suggestions(town["ana"])
    assert names(found) == ["eve", "fay"]
    assert found[0].ways == 2  # the one past a discreet member is not counted
    assert found[1].trail.handles == ["ana", "bo", "fay"]
    assert len(own(sent)) <= 2
    assert queries.suggestions(town["hal"]) == []


def test_who_vouches_for_the_viewer_stands_apart(town: dict[str, int]) -> None:
    ana = town["ana"]
    vouch(town["fay"], ana, "trust")
    vouch(town["hal"], ana, "trust_fully")  # nobody whom Ana trusts knows Hal
    circle_of(ana)
    with statements() as sent:
        people = queries.people_to_meet(ana)
    assert [names(list(some)) for some in (people.vouching, people.others)] == [["fay"], ["eve"]]
    assert len(own(sent)) <= 2
    assert not queries.people_to_meet(town["hal"]).vouching


def test_who_is_blocked_put_off_muted_or_unwilling_is_not_suggested(town: dict[str, int], fixed_clock: Any) -> None:
    ana = town["ana"]
    service.put_off(ana, town["eve"])
    assert names(queries.suggestions(ana)) == ["fay"]
    service.mute(ana, town["fay"])
    assert queries.suggestions(ana) == []
    service.unmute(ana, town["fay"])
    service.wish_to_be_suggested(town["fay"], allowed=False)
    assert queries.suggestions(ana) == []
    service.wish_to_be_suggested(town["gil"], allowed=True)
    assert names(queries.suggestions(ana)) == ["gil"]
    block(town["gil"], ana)
    assert queries.suggestions(ana) == []
    fixed_clock.advance(timedelta(days=91))
    assert names(queries.suggestions(ana)) == ["eve"]


def test_friends_in_common_name_only_who_wants_to_be_named(town: dict[str, int]) -> None:
    ana, hal = town["ana"], town["hal"]
    for friend in ("bo", "cem", "dee"):
        vouch(hal, town[friend], "trust")
    circle_of(ana)
    with statements() as sent:
        found = queries.friends_in_common(ana, hal)
    assert len(own(sent)) <= 1
    assert found is not None
    assert sorted(one.handle for one in found.faces) == ["bo", "cem"]
    # One who is not named, and a number of one, would be known.
    assert (found.masked, found.total) == (0, 2)
    # Whom a discreet member trusts is not told, nor how many where they are few.
    vouch(town["gil"], town["bo"], "trust")
    assert queries.friends_in_common(ana, town["gil"]) is None
    assert queries.friends_in_common(None, hal) is None
    assert queries.friends_in_common(ana, ana) is None


def test_the_picture_has_dots_without_names(town: dict[str, int]) -> None:
    with statements() as sent:
        picture = queries.picture(town["ana"])
    assert len(own(sent)) <= 2
    said = picture.as_json()
    assert next(one["handle"] for one in said["people"]) == "ana"  # type: ignore[index, attr-defined] # JSON
    masked = [one for one in said["people"] if one["handle"] is None]  # type: ignore[attr-defined] # JSON
    assert len(masked) == 2
    assert all(one["name"] is one["score"] is one["hue"] is None for one in masked)
    assert all(one["handle"] is None for one in said["people"][-2:])  # type: ignore[index] # JSON
    assert "dee" not in str(said)
    assert "gil" not in str(said)
    named = [dot.member.handle if dot.member else None for dot in picture.dots]
    lines = {(named[a], named[b]) for a, b in picture.edges}
    assert {("ana", "bo"), ("ana", "cem")} <= lines
    assert picture == queries.picture(town["ana"])
    assert queries.picture(town["ana"], most=2).total == 6


def test_muting_is_ones_own_and_repeatable(town: dict[str, int]) -> None:
    ana, bo = town["ana"], town["bo"]
    service.mute(ana, bo)
    service.mute(ana, bo)
    assert queries.muted_by(ana) == {bo}
    assert queries.muted_by(bo) == set()
    assert [one.handle for one in queries.muted_faces(ana)] == ["bo"]
    with pytest.raises(Invalid):
        service.mute(ana, ana)
    with pytest.raises(NotFound):
        service.mute(ana, 10_000)
    service.unmute(ana, bo)
    service.unmute(ana, bo)
    assert queries.muted_by(ana) == set()


@pytest.mark.databases("sqlite", "postgres")
def test_export_names_ones_own_wishes_and_erasing_takes_both_sides(town: dict[str, int]) -> None:
    ana, bo, eve = town["ana"], town["bo"], town["eve"]
    service.mute(ana, bo)
    service.mute(bo, ana)
    service.put_off(ana, eve)
    service.put_off(ana, eve)
    service.wish_to_be_suggested(ana, allowed=True)
    service.wish_to_be_suggested(ana, allowed=False)
    assert privacy.export(ana) == {"muted": ["bo"], "not_now": ["eve"], "may_be_suggested": False}
    assert names(queries.suggestions(ana)) == ["fay"]
    assert not queries.may_be_suggested(ana)
    assert queries.may_be_suggested(bo)
    assert not queries.may_be_suggested(town["dee"])
    privacy.erase(ana)
    assert privacy.export(ana) == {"muted": [], "not_now": [], "may_be_suggested": None}
    assert queries.muted_by(bo) == set()
