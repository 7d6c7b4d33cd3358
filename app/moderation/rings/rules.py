"""Is it the same ring as before, and where does everybody stand in its picture?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import cos, pi, sin

from app.kernel.ids import MemberId, RingId
from app.moderation.rings.values import Dot, Picture, Stroke
from app.people.profiles.values import MemberCard

WORTH_A_LOOK = 0.5  # suspicion below is what families and clubs look like
SAME = 0.6  # so much of two rings together is in both: it is one ring that changed
SIZE = 520
NOBODY = MemberId(0)  # no member has this id: everybody outside stands in the middle


def same_ring(new: Collection[MemberId], known: Mapping[RingId, Collection[MemberId]]) -> RingId | None:
    """The known ring that this one is, if any."""
    best, found = SAME, None
    for ring_id, members in known.items():
        together = set(new) | set(members)
        share = len(set(new) & set(members)) / len(together) if together else 0.0
        if share >= best:
            best, found = share, ring_id
    return found


def mutual_pairs(edges: Sequence[Sequence[float]]) -> int:
    """How many pairs vouch for each other."""
    pairs = {(int(a), int(b)) for a, b, _weight in edges}
    return sum((b, a) in pairs for a, b in pairs if a < b)


def picture(members: Sequence[MemberCard], edges: Sequence[Sequence[float]]) -> Picture:
    """A circle of faces; an edge from nobody is the trust of those outside."""
    radius = 20 if len(members) <= 16 else 12
    middle, reach = SIZE / 2, SIZE / 2 - 110
    dots = {}
    for place, member in enumerate(members):
        angle = 2 * pi * place / max(1, len(members)) - pi / 2
        x, y = cos(angle), sin(angle)
        dots[member.id] = Dot(
            member,
            round(middle + reach * x, 1),
            round(middle + reach * y, 1),
            round(middle + (reach + radius + 8) * x, 1),
            round(middle + (reach + radius + 12) * y, 1),
            "middle" if abs(x) < 0.3 else "start" if x > 0 else "end",
        )
    weights = {(MemberId(int(a)), MemberId(int(b))): weight for a, b, weight in edges}
    strokes, outside = [], []
    for (a, b), weight in sorted(weights.items()):
        if b not in dots:
            continue
        if a == NOBODY:
            outside.append(_stroke(middle, middle, dots[b], radius, mutual=False, full=False))
        elif a in dots and not ((b, a) in weights and b < a):
            mutual = (b, a) in weights
            full = max(weight, weights.get((b, a), 0.0)) >= 1.0
            strokes.append(_stroke(dots[a].x, dots[a].y, dots[b], radius, mutual=mutual, full=full))
    return Picture(SIZE, radius, tuple(dots.values()), tuple(strokes), tuple(outside))


def _stroke(x: float, y: float, goal: Dot, radius: int, *, mutual: bool, full: bool) -> Stroke:
    """Ends at the rim of the goal, so that an arrow is seen."""
    across, down = goal.x - x, goal.y - y
    length = max(1.0, (across**2 + down**2) ** 0.5)
    short = 0.0 if mutual else (radius + 4) / length
    return Stroke(x, y, round(goal.x - across * short, 1), round(goal.y - down * short, 1), mutual, full)
