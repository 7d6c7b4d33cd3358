"""How the viewer knows these people: scores, trails, independent ways, explanations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.trust.circle.live_graph import live_graph
from app.trust.circle.values import (
    Circle,
    CircleMember,
    CirclePage,
    ExplainedTrail,
    Explanation,
    GraphStats,
    Link,
    Step,
    Trail,
)
from app.trust.referrals.queries import referrals_among
from app.trust.vouches.queries import vouches_among
from app.trust.vouches.values import IMPORTED

MOST_WAYS = 10  # independent ways are counted up to here
SHOWN_PATHS = 3
STRANGER = 0  # nobody has this id: the circle of one who is not signed in is empty


def circle_of(viewer_id: int | None) -> Circle:
    """Whom the viewer trusts, best first; empty for a visitor."""
    return live_graph().circle(viewer_id or STRANGER)


def trails(
    viewer_id: int | None, ids: Iterable[int], circle: Circle | None = None
) -> dict[int, Trail]:
    """The strongest way to each of these members that has one; one statement for all faces."""
    if viewer_id is None:
        return {}
    circle = circle or circle_of(viewer_id)
    paths = circle.paths(ids)
    if not paths:
        return {}
    faces = cards({one for path in paths.values() for one in path})
    found = {}
    for member_id, path in paths.items():
        trail = _trail(path, circle.distance(member_id), faces)
        if trail is not None:
            found[member_id] = trail
    return found


def trail_to(viewer_id: int | None, member_id: int) -> Trail | None:
    """The strongest way to one member."""
    return trails(viewer_id, [member_id]).get(member_id)


def circle_members(viewer_id: int, start: int = 0, limit: int = 30) -> CirclePage:
    """The viewer's trusted people, best first, each with the way to them."""
    circle = circle_of(viewer_id)
    ids = circle.ids[start : start + limit]
    ways = trails(viewer_id, ids, circle)
    found = []
    for member_id in ids:
        trail = ways.get(member_id)
        if trail is None or trail.target is None:
            continue
        found.append(CircleMember(trail.target, circle.score(member_id), trail.distance, trail))
    return CirclePage(tuple(found), len(circle))


def independent_ways(viewer_id: int | None, ids: Iterable[int]) -> int:
    """By how many ways that share nobody these people are reached; counted up to ten."""
    if viewer_id is None:
        return 0
    return live_graph().trust().independent_ways(viewer_id, list(ids), cutoff=MOST_WAYS)


def explain(viewer_id: int, member_id: int, paths: int = SHOWN_PATHS) -> Explanation:
    """Score, distance, independent ways, and the strongest paths with the reason of each link."""
    trust = live_graph().trust()
    circle = circle_of(viewer_id)
    if viewer_id == member_id:
        return Explanation(0.0, 0, 0)
    strongest = circle.path_ids(member_id)
    if not strongest:
        return Explanation(0.0, None, 0)
    further = [[int(one) for one in way] for way in trust.paths(viewer_id, member_id, k=paths)]
    ways = [strongest, *(way for way in further if way != strongest)][:paths]
    distance = circle.distance(member_id)
    faces = cards({one for way in ways for one in way})
    links = _links(ways, faces)
    shown = []
    for way in ways:
        trail = _trail(way, distance, faces)
        if trail is not None:
            shown.append(ExplainedTrail(trail, tuple(links[pair] for pair in pairwise(way))))
    return Explanation(
        score=circle.score(member_id) or trust.score(viewer_id, member_id),
        distance=distance,
        independent_ways=independent_ways(viewer_id, [member_id]),
        trails=tuple(shown),
    )


def stats() -> GraphStats:
    """Members, directed edges in force, bytes, and the newest event that is in."""
    return live_graph().stats()


def _trail(
    path: Sequence[int], distance: int | None, faces: Mapping[int, MemberCard]
) -> Trail | None:
    if distance is None or any(one not in faces for one in path):
        return None
    last = len(path) - 1
    steps = tuple(
        Step(None if faces[one].discreet and 0 < place < last else faces[one])
        for place, one in enumerate(path)
    )
    return Trail(steps, distance, _words(steps, distance))


def _words(steps: Sequence[Step], distance: int) -> object:
    target = steps[-1].member
    name = target.name if target else ""
    if len(steps) == 2:
        return _l("%(name)s, direct", name=name)
    through = _through(steps)
    if distance == 1:
        return _l("direct, strongest %(through)s", through=through)
    if distance < len(steps) - 1:
        return _l("%(num)s steps, strongest %(through)s", num=distance, through=through)
    return lazy_ngettext(
        "%(num)s step, %(through)s", "%(num)s steps, %(through)s", distance, through=through
    )


def _through(steps: Sequence[Step]) -> object:
    """The first person who does not want to be named, else the first person in between."""
    before = steps[0].member
    for place, step in enumerate(steps[1:-1], start=1):
        if step.member is None:
            if place == 1 or before is None:
                return _l("through someone you trust")
            return _l("through someone %(name)s trusts", name=before.name)
        before = step.member
    first = steps[1].member
    return _l("through %(name)s", name=first.name if first else "")


def _links(
    ways: Iterable[Sequence[int]], faces: Mapping[int, MemberCard]
) -> dict[tuple[int, int], Link]:
    """Why each on a way trusts the next; nothing is told of who does not want to be named."""
    pairs = {pair for way in ways for pair in pairwise(way)}
    ends = {way[0] for way in ways} | {way[-1] for way in ways}
    vouches, referrals = vouches_among(pairs), referrals_among(pairs)
    found = {}
    for pair in pairs:
        vouch = vouches.get(pair)
        if any(faces[one].discreet and one not in ends for one in pair if one in faces):
            found[pair] = Link("hidden")
        elif vouch is not None:
            kind = "vouch" if vouch.strength else IMPORTED
            found[pair] = Link(kind, vouch.strength, vouch.reason, vouch.topic)
        elif pair in referrals:
            found[pair] = Link("invited")
        else:
            found[pair] = Link("invited_by")
    return found
