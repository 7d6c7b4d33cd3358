"""What a trail says, and what is drawn of it."""

from __future__ import annotations

import re

from app.trust.circle.values import Trail
from app.web.drawing import trail as draw

# Those that say no number have so many links.
TOLD = {r"^You know ": 1, r" invited you$": 1, r" knows ": 2}


def told_links(trail: Trail) -> int:
    """The number of links that the words say."""
    words = str(trail.words)
    number = re.match(r"(\d+) steps", words)
    if number:
        return int(number[1])
    return next(links for said, links in TOLD.items() if re.search(said, words))


def drawn_links(trail: Trail, *, link: bool = True) -> int:
    """The lines of the drawing; “+3” stands for three people in a row."""
    html = str(draw(trail, link))
    more = re.search(r"trail-more\">\+(\d+)<", html)
    return len(re.findall(r"trail-line", html)) + (int(more[1]) - 1 if more else 0)


def misnamed(trail: Trail) -> bool:
    """Whether the words name somebody as the way through who is not drawn as the first on it."""
    named = re.search(r" steps through (?:a friend of )?(.+?)(?:, who invited you)?$", str(trail.words))
    first = trail.steps[1].member
    if named is None or named[1] in {"a friend of yours", "the person who invited you"}:
        return False
    return first is None or first.name != named[1]
