"""How the viewer knows these people: scores, trails, independent ways, explanations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.kernel.pagination import decode_cursor, decode_ids, encode_cursor, encode_ids
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.vocabulary.reading import vocabulary
from app.platform.wording import isolated
from app.trust.circle.live_graph import live_graph
from app.trust.circle.loading import NotLoaded
from app.trust.circle.values import (
    CircleMember,
    CirclePage,
    CircleView,
    ExplainedTrail,
    ExplanationView,
    GraphStats,
    Link,
    Meeting,
    SetExplanation,
    SetMember,
    Step,
    Trail,
)
from app.trust.referrals.queries import referrals_among
from app.trust.trades.queries import trades_among
from app.trust.vouches.queries import vouches_among
from app.trust.vouches.values import IMPORTED, topic_key

MAX_WAYS = 10  # independent ways are counted up to here
SHOWN_PATHS = 3
MAX_EXPLAINED = 50  # people in one explanation
STRANGER = MemberId(0)  # nobody has this id: the circle of one who is not signed in is empty


def circle_of(viewer_id: MemberId | None, topic: str | None = None) -> CircleView:
    """Whom the viewer trusts, best first; empty for a visitor.

    With a topic, such as the category of what the page shows, vouches for it count fully.
    """
    return live_graph().circle(viewer_id or STRANGER, topic_key(vocabulary().canonical(topic)) if topic else None)


def certain_circle_of(viewer_id: MemberId) -> CircleView:
    """Read the circle for what is written down by it: raises `NotLoaded` where a server still loads its graph."""
    if live_graph().loading:
        raise NotLoaded
    return circle_of(viewer_id)


def trails(
    viewer_id: MemberId | None,
    ids: Iterable[MemberId],
    circle: CircleView | None = None,
    *,
    hops: int | None = None,
) -> dict[MemberId, Trail]:
    """The strongest way to each of these members that has one; one statement for all faces.

    `hops`: what was asked for is so near at most, and no longer way is told where there is one that short.
    """
    if viewer_id is None:
        return {}
    circle = circle or circle_of(viewer_id)
    paths = circle.paths(ids)
    if hops is not None:
        paths = paths | _short_ways(circle, [one for one, path in paths.items() if len(path) - 1 > hops], hops)
    return _told(circle, paths, cards({one for path in paths.values() for one in path})) if paths else {}


def _short_ways(circle: CircleView, ids: Sequence[MemberId], hops: int) -> dict[MemberId, list[MemberId]]:
    """The strongest of the shortest ways to these members, where it takes so many hops at most.

    Where somebody does not want to be named distances are those of the ways that are told, and none is too long.
    """
    wanted = {one for one in ids if (circle.distance(one) or hops + 1) <= hops} if not circle.discretion else set()
    found: dict[MemberId, list[MemberId]] = {}
    layer, seen = {circle.viewer_id: (1.0, [circle.viewer_id])}, {circle.viewer_id}
    while wanted - found.keys() and layer:
        following: dict[MemberId, tuple[float, list[MemberId]]] = {}
        for one, trusted in trusted_by(layer).items():
            strength, way = layer[one]
            for other, weight in trusted.items():
                if other not in seen and strength * weight > following.get(other, (0.0, []))[0]:
                    following[other] = (strength * weight, [*way, other])
        seen |= following.keys()
        found |= {one: way for one, (_strength, way) in following.items() if one in wanted}
        layer = following
    return found


def trails_and_faces(
    circle: CircleView, ids: Iterable[MemberId]
) -> tuple[dict[MemberId, Trail], dict[MemberId, MemberCard]]:
    """The strongest ways, and the faces of all of these whether a way leads there or not; one statement."""
    wanted = set(ids)
    paths = circle.paths(wanted)
    faces = cards(wanted.union(*paths.values()))
    return _told(circle, paths, faces), faces


def _told(
    circle: CircleView, paths: Mapping[MemberId, Sequence[MemberId]], faces: Mapping[MemberId, MemberCard]
) -> dict[MemberId, Trail]:
    found = {}
    for member_id, path in paths.items():
        along = tuple([faces.get(one) for one in path])
        made_of, trail = circle.trails.get(member_id, ((), None))
        if made_of != along:
            trail = _trail(path, circle.distance(member_id), faces, circle.lender_id)
            circle.trails[member_id] = (along, trail)
        if trail is not None:
            found[member_id] = trail
    return found


def trail_to(viewer_id: MemberId | None, member_id: MemberId) -> Trail | None:
    """The strongest way to one member."""
    return trails(viewer_id, [member_id]).get(member_id)


def circle_members(viewer_id: MemberId, limit: int = 30, cursor: str | None = None) -> CirclePage:
    """The viewer's trusted people, best first, each with the way to them.

    One vouch moves all ranks and scores, so the cursor says who was shown: nobody is skipped or comes twice.
    """
    key = decode_cursor(cursor, str)
    shown = decode_ids(key[0]) if key else frozenset()
    circle = circle_of(viewer_id)
    rest = [one for one in circle.ids if one not in shown]
    ids = rest[:limit]
    following = encode_cursor(encode_ids(shown.union(ids))) if len(rest) > limit else None
    ways = trails(viewer_id, ids, circle)
    found = []
    for member_id in ids:
        trail = ways.get(member_id)
        if trail is None or trail.target is None:
            continue
        found.append(CircleMember(trail.target, circle.score(member_id), trail.distance, trail))
    return CirclePage(tuple(found), len(circle), following, circle.borrowed, _lender(ways))


def _lender(ways: Mapping[MemberId, Trail]) -> MemberCard | None:
    """Who invited the viewer and lends the circle, unless they do not want to be named."""
    for way in ways.values():
        if way.borrowed and way.steps[1].member is not None:
            lender = way.steps[1].member
            return lender if not lender.discreet else None
    return None


def independent_ways(viewer_id: MemberId | None, ids: Iterable[MemberId]) -> int:
    """By how many ways that share nobody these people are reached; counted up to ten."""
    if viewer_id is None:
        return 0
    circle = circle_of(viewer_id)
    if circle.discretion:
        return circle.discretion.independent_ways(circle.paths(ids), MAX_WAYS)
    return live_graph().trust().independent_ways(viewer_id, list(ids), cutoff=MAX_WAYS)


def people_to_meet(viewer_id: MemberId, limit: int) -> list[Meeting]:
    """Whom the viewer does not trust directly yet, by the four signs of the graph, best first."""
    found = live_graph().trust().people_to_meet(viewer_id, limit)
    return [Meeting(MemberId(int(one.member)), one.score, one.vouches) for one in found]


def ways_to_each(viewer_id: MemberId, ids: Iterable[MemberId]) -> dict[MemberId, int]:
    """By how many ways that share nobody each of these people is reached alone, in one call."""
    circle = circle_of(viewer_id)
    if circle.discretion:
        return circle.discretion.ways_to_each(circle.paths(ids), MAX_WAYS)
    found = live_graph().trust().ways_to_each(viewer_id, list(ids), cutoff=MAX_WAYS)
    return {MemberId(int(one)): ways for one, ways in found.items()}


def explain(
    viewer_id: MemberId, member_id: MemberId, paths: int = SHOWN_PATHS, topic: str | None = None
) -> ExplanationView:
    """Score, distance, independent ways, and the strongest paths with the reason of each link."""
    trust = live_graph().trust()
    circle = circle_of(viewer_id, topic)
    if viewer_id == member_id:
        return ExplanationView(0.0, 0, 0)
    strongest = circle.path_ids(member_id)
    if not strongest:
        return ExplanationView(0.0, None, 0)
    further = [[MemberId(int(one)) for one in way] for way in trust.paths(viewer_id, member_id, k=paths)]
    told = (way for way in further if way != strongest and circle.discretion.tellable(way))
    ways = [strongest, *told][:paths]
    distance = circle.distance(member_id)
    shown = _explained([(way, distance) for way in ways], circle.lender_id)
    return ExplanationView(
        score=circle.score(member_id) or trust.score(viewer_id, member_id),
        distance=distance,
        independent_ways=independent_ways(viewer_id, [member_id]),
        trails=tuple(one for one in shown if one is not None),
        topic=topic,
    )


def explain_set(viewer_id: MemberId, member_ids: Sequence[MemberId], topic: str | None = None) -> SetExplanation:
    """How several people are known together: such as the four who recommend a thing, by two ways."""
    circle = circle_of(viewer_id, topic)
    wanted = [one for one in dict.fromkeys(member_ids) if one != viewer_id]
    if len(wanted) > MAX_EXPLAINED:
        raise Invalid("Choose up to %(num)s people.", code="too_many_members", num=MAX_EXPLAINED)
    paths = circle.paths(wanted)
    wanted.sort(key=lambda one: (one not in paths, -circle.score(one), one))
    reached = [one for one in wanted if one in paths]
    ways = dict(
        zip(
            reached,
            _explained([(paths[one], circle.distance(one)) for one in reached], circle.lender_id),
            strict=True,
        )
    )
    faces = cards(wanted)
    return SetExplanation(
        tuple(SetMember(faces[one], circle.score(one), ways.get(one)) for one in wanted if one in faces),
        independent_ways(viewer_id, reached) if reached else 0,
    )


def _explained(
    ways: Sequence[tuple[Sequence[MemberId], int | None]], lender_id: MemberId | None
) -> list[ExplainedTrail | None]:
    """Trails with the reason of each link; None where somebody on it is gone."""
    faces = cards({one for way, _distance in ways for one in way})
    links = _links(way for way, _distance in ways)
    found: list[ExplainedTrail | None] = []
    for way, distance in ways:
        trail = _trail(way, distance, faces, lender_id)
        reasons = tuple(_seen(way, pair, faces, links) for pair in pairwise(way))
        found.append(None if trail is None else ExplainedTrail(trail, reasons))
    return found


def stats() -> GraphStats:
    """Members, directed edges in force, bytes, and the newest event that is in."""
    return live_graph().stats()


def _trail(
    path: Sequence[MemberId],
    distance: int | None,
    faces: Mapping[MemberId, MemberCard],
    lender_id: MemberId | None,
) -> Trail | None:
    if distance is None or any(one not in faces for one in path):
        return None
    last = len(path) - 1
    steps = tuple(
        Step(None if faces[one].discreet and 0 < place < last else faces[one]) for place, one in enumerate(path)
    )
    borrowed = last > 0 and path[1] == lender_id
    return Trail(steps, distance, _words(steps, borrowed), _note(steps, borrowed), borrowed)


def _words(steps: Sequence[Step], borrowed: bool) -> Any:
    """What a friend would say of the way that is drawn: its links are counted, and only who stands in it is named."""
    links = len(steps) - 1
    target, first = steps[-1].member, steps[min(links, 1)].member
    name = isolated(target.name) if target else ""
    friend = isolated(first.name) if first else None
    if links < 2:
        return _l("%(name)s invited you", name=name) if borrowed else _l("You know %(name)s", name=name)
    if borrowed:
        return _borrowed_words(links, friend, name)
    if links == 2:
        if friend is None:
            # Translators: the friend does not want to be named
            return _l("A friend of yours knows %(name)s", name=name)
        return _l("%(friend)s knows %(name)s", friend=friend, name=name)
    if friend is None:
        return _l("%(num)s steps through a friend of yours", num=links)
    if steps[2].masked:
        return _l("%(num)s steps through a friend of %(friend)s", num=links, friend=friend)
    # Translators: how far away somebody is in the network of people, and the first person on the way
    return _l("%(num)s steps through %(friend)s", num=links, friend=friend)


def _note(steps: Sequence[Step], borrowed: bool) -> Any:
    """The words for beside the name, which they leave out."""
    links = len(steps) - 1
    if links > 2:
        return _words(steps, borrowed)
    if links < 2:
        # Translators: this and the next few stand behind the name of a member
        return _l("invited you") if borrowed else _l("you know them")
    first = steps[1].member
    friend = isolated(first.name) if first else None
    if friend is None:
        if borrowed:
            return _l("the person who invited you knows them")
        return _l("a friend of yours knows them")
    if borrowed:
        return _l("%(friend)s, who invited you, knows them", friend=friend)
    return _l("%(friend)s knows them", friend=friend)


def _borrowed_words(links: int, friend: str | None, name: str) -> Any:
    """The first on the way is the newcomer's own inviter, who lends the circle."""
    if links == 2:
        if friend is None:
            return _l("The person who invited you knows %(name)s", name=name)
        return _l("%(friend)s, who invited you, knows %(name)s", friend=friend, name=name)
    if friend is None:
        return _l("%(num)s steps through the person who invited you", num=links)
    return _l("%(num)s steps through %(friend)s, who invited you", num=links, friend=friend)


def _links(ways: Iterable[Sequence[MemberId]]) -> dict[tuple[MemberId, MemberId], Link]:
    """Why each on a way trusts the next; at most three statements for all."""
    pairs = {pair for way in ways for pair in pairwise(way)}
    vouches = vouches_among(pairs)
    others = pairs - set(vouches)
    trades = trades_among(others)
    invited = referrals_among(others - set(trades))
    found = {}
    for pair in pairs:
        vouch = vouches.get(pair)
        if vouch is not None:
            kind = "vouch" if vouch.strength else IMPORTED
            found[pair] = Link(kind, vouch.strength, vouch.reason, vouch.topic)
        elif pair in trades:
            found[pair] = Link("trade", orders=trades[pair])
        elif pair in invited:
            found[pair] = Link("invited")
        else:
            found[pair] = Link("invited_by")
    return found


def _seen(
    way: Sequence[MemberId],
    pair: tuple[MemberId, MemberId],
    faces: Mapping[MemberId, MemberCard],
    links: Mapping[tuple[MemberId, MemberId], Link],
) -> Link:
    """Nothing is told of what a middle link who does not want to be named has said, or was told."""
    ends = (way[0], way[-1])
    if any(faces[one].discreet and one not in ends for one in pair if one in faces):
        return Link("hidden")
    return links[pair]


def trusted_by(members: Iterable[MemberId]) -> dict[MemberId, dict[MemberId, float]]:
    """Whom each of these members trusts directly, and how much."""
    trust = live_graph().trust()
    return {one: {MemberId(int(other)): weight for other, weight in trust.neighbours(one).items()} for one in members}
