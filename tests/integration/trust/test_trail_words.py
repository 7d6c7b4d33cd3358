"""The words of a trail and its drawing show the same way: the number is of drawn links, who is named stands in it."""

from __future__ import annotations

import itertools
import random
import re

import pytest
from flask import Flask

from app.platform.event_log import run_reactions
from app.trust.circle.queries import circle_of, explain, explain_set, trails
from app.trust.circle.values import Step, Trail, all_through
from app.trust.vouches.service import vouch
from app.web.drawing import trail as draw
from tests.support.people import MemberFactory
from tests.support.trails import drawn_links, misnamed, told_links

STRENGTHS = ("acquainted", "trust", "trust_fully")


@pytest.mark.parametrize("seed", range(3))
def test_words_and_drawing_agree_in_any_graph(app: Flask, member: MemberFactory, seed: int) -> None:
    dice = random.Random(seed)
    people = [member(f"p{seed}x{one}", name=f"Person {one}", discreet=dice.random() < 0.3) for one in range(16)]
    # A chain, so that there are long ways, and some short cuts that are weaker than the way round.
    for one, other in itertools.pairwise(people):
        vouch(one, other, "trust_fully")
    for _ in range(14):
        one, other = dice.sample(people, 2)
        vouch(one, other, dice.choice(STRENGTHS))
    run_reactions()
    seen = set()
    with app.test_request_context():
        for viewer in people[:6]:
            for trail in trails(viewer, people).values():
                links = len(trail.steps) - 1
                seen.add(links)
                assert told_links(trail) == drawn_links(trail) == drawn_links(trail, link=False) == links
                assert not misnamed(trail), str(trail.words)
            for other in people:
                found = explain(viewer, other)
                for one in found.trails:
                    assert told_links(one.trail) == len(one.links)
                if found.through:
                    assert all(Step(found.through) in one.trail.steps for one in found.trails)
    assert {1, 2, 3} <= seen


def test_the_shorter_of_two_numbers_is_never_said_over_the_longer_way(app: Flask, member: MemberFactory) -> None:
    me, bo, cem, dee = (member(one, name=one.title()) for one in ("mia", "bo", "cem", "dee"))
    vouch(me, bo, "trust_fully")
    vouch(bo, cem, "trust_fully")
    vouch(cem, dee, "trust_fully")
    vouch(me, dee, "acquainted", topic="bicycles")
    with app.test_request_context():
        trail = trails(me, [dee])[dee]
        assert (told_links(trail), drawn_links(trail)) == (len(trail.steps) - 1,) * 2
        assert str(trails(me, [bo])[bo].words) == "You know Bo"
        assert str(trails(me, [cem])[cem].words) == "Bo knows Cem"


def test_who_stands_on_every_way_is_named(member: MemberFactory) -> None:
    me, umar, bo, cem, dee = (member(one, name=one.title()) for one in ("mia", "umar", "bo", "cem", "dee"))
    vouch(me, umar, "trust_fully")
    for one in (bo, cem):
        vouch(umar, one, "trust")
        vouch(one, dee, "trust")
    found = explain(me, dee)
    assert len(found.trails) == 2
    assert found.through is not None
    assert found.through.name == "Umar"
    several = explain_set(me, [bo, cem])
    assert several.through is not None
    assert several.through.name == "Umar"
    vouch(me, cem, "trust_fully")
    assert explain(me, dee).through is None
    assert circle_of(me).distance(dee) == 2


def test_a_name_from_right_to_left_stays_where_it_stands(app: Flask, member: MemberFactory) -> None:
    me, bo, cem = member("mia"), member("bo", name="ليلى"), member("cem", name="Cem")
    vouch(me, bo, "trust")
    vouch(bo, cem, "trust")
    with app.test_request_context():
        assert str(trails(me, [cem])[cem].words) == "\u2068ليلى\u2069 knows Cem"


def test_one_way_alone_has_nobody_on_all_of_several() -> None:
    assert all_through([]) is None
    assert all_through([Trail((Step(None), Step(None)), 1, "", "")]) is None


def test_what_is_at_most_two_steps_away_is_not_said_to_be_three(app: Flask, member: MemberFactory) -> None:
    me, bo, cem, dee, eli = (member(one, name=one.title()) for one in ("mia", "bo", "cem", "dee", "eli"))
    for one, other in itertools.pairwise((me, bo, cem, dee)):
        vouch(one, other, "trust_fully")
    vouch(me, eli, "acquainted", topic="bicycles")
    vouch(eli, dee, "acquainted", topic="bicycles")
    circle = circle_of(me)
    assert circle.distance(dee) == 2
    with app.test_request_context():
        assert told_links(trails(me, [dee], circle)[dee]) == 3
        near = trails(me, [dee, bo], circle, hops=2)
        assert [told_links(near[one]) for one in (dee, bo)] == [2, 1]
        assert near[dee].handles == ["mia", "eli", "dee"]
        # Nothing that short leads there: the way that there is is told.
        assert told_links(trails(me, [dee], circle, hops=1)[dee]) == 3


def test_who_is_on_all_ways_is_drawn_by_name_however_long_the_way(app: Flask, member: MemberFactory) -> None:
    people = [member(f"walker{one}", name=f"Walker {one}") for one in range(8)]
    for one, other in itertools.pairwise(people):
        vouch(one, other, "trust_fully")
    with app.test_request_context():
        found = trails(people[0], people[-1:])[people[-1]]
        assert 'trail-more">+4<' in draw(found)
        for step in found.steps[1:]:
            assert step.member
            marked = draw(found, through=step.member)
            named = f'<b dir="auto">{step.member.name}</b>'
            assert marked.count("trail-through") == marked.count(named) == 1
            assert f"All through {step.member.name}" in marked
            left_out = sum(int(number) for number in re.findall(r"trail-more\">\+(\d+)<", marked))
            assert left_out + marked.count("avatar avatar-xs hue-") == len(found.steps)
        alone = draw(found, through=None)
        assert "trail-through" not in alone
