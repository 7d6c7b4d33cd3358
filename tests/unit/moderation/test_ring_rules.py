"""Where everybody stands in the picture of a ring, and which ring is which."""

from __future__ import annotations

from math import dist

from app.moderation.rings.rules import NOBODY, mutual_pairs, picture, same_ring
from app.people.profiles.values import MemberCard

FACES = [MemberCard(id=one, handle=f"m{one}", name=f"Member {one}", avatar_url=None, hue=one) for one in (1, 2, 3, 4)]


def test_a_ring_is_the_same_while_most_of_it_is() -> None:
    known = {"a": [1, 2, 3, 4], "b": [7, 8, 9, 10]}
    assert same_ring([1, 2, 3, 4, 5], known) == "a"
    assert same_ring([7, 8, 9], known) == "b"
    assert same_ring([1, 2, 3, 4, 5, 6, 11, 12], known) is None, "twice as many are a new one"
    assert same_ring([1, 7, 20, 21], known) is None
    assert same_ring([], {}) is None


def test_two_vouches_that_answer_each_other_are_one_stroke() -> None:
    edges: list[list[float]] = [[1, 2, 1.0], [2, 1, 0.6], [2, 3, 0.6], [NOBODY, 4, 3], [1, 99, 1.0]]
    drawn = picture(FACES, edges)
    assert [(one.mutual, one.full) for one in drawn.strokes] == [(True, True), (False, False)]
    assert len(drawn.outside) == 1
    assert mutual_pairs(edges) == 1


def test_everybody_stands_inside_the_picture_and_apart() -> None:
    drawn = picture(FACES, [])
    places = [(dot.x, dot.y) for dot in drawn.dots]
    assert all(0 < x < drawn.size and 0 < y < drawn.size for x, y in places)
    assert min(dist(a, b) for a in places for b in places if a != b) > 2 * drawn.radius
    assert picture([], []).dots == ()
