"""Searching listings, items and members; every find comes with the way to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.community.items.queries import items_by_id
from app.community.recommendations.models import Recommendation
from app.community.recommendations.queries import said_rows
from app.community.recommendations.values import Disclosure, Stance
from app.discovery.search.values import KINDS, FoundItem, FoundMember, Results
from app.market.listings.queries import cards_by_id, with_trails
from app.people.blocks.queries import out_of_touch
from app.people.profiles.queries import cards
from app.platform import search_index
from app.platform.database import db
from app.trust.circle import queries as circles
from app.web.pagination import decode_cursor, encode_cursor

PAGE = 24


def search(
    viewer_id: int | None, q: str, kind: str | None = None, *, cursor: str | None = None
) -> Results:
    """One page, newest first; without a kind the first one that has something."""
    counts = search_index.counts(q)
    if kind not in KINDS:
        kind = next((one for one in KINDS if counts.get(one)), KINDS[0])
    before = decode_cursor(cursor, int)
    rows = search_index.find(kind, q, limit=PAGE + 1, before=before[0] if before else None)
    following = encode_cursor(rows[PAGE - 1][0]) if len(rows) > PAGE else None
    refs = [ref for _place, ref in rows[:PAGE]]
    found = _READERS[kind](viewer_id, refs) if refs else {}
    return Results(q=q, kind=kind, counts=counts, next=following, **found)


def _listings(viewer_id: int | None, refs: Sequence[str]) -> dict[str, Any]:
    found = cards_by_id(viewer_id, refs)
    return {"listings": with_trails(viewer_id, [found[ref] for ref in refs if ref in found])}


def _members(viewer_id: int | None, refs: Sequence[str]) -> dict[str, Any]:
    away = out_of_touch(viewer_id) if viewer_id is not None else frozenset()
    ids = [int(ref) for ref in refs if int(ref) not in away]
    faces, ways = cards(ids), circles.trails(viewer_id, ids)
    return {"members": [FoundMember(faces[one], ways.get(one)) for one in ids if one in faces]}


def _items(viewer_id: int | None, refs: Sequence[str]) -> dict[str, Any]:
    found = items_by_id(list(refs))
    circle = circles.circle_of(viewer_id)
    best: dict[str, int] = {}
    count: dict[str, int] = {}
    if len(circle):
        rows = db.session.execute(
            said_rows()
            .with_only_columns(Recommendation.item_id, Recommendation.member_id)
            .where(
                Recommendation.item_id.in_(list(found)),
                Recommendation.stance == Stance.RECOMMEND,
                # What was paid for never stands for trust.
                Recommendation.disclosure == Disclosure.NONE,
                Recommendation.member_id.in_(circle.ids),
            )
        )
        for item_id, member_id in rows:
            count[item_id] = count.get(item_id, 0) + 1
            if circle.score(member_id) > circle.score(best.get(item_id, 0)):
                best[item_id] = member_id
    ways = circles.trails(viewer_id, set(best.values()), circle) if best else {}
    return {
        "items": [
            FoundItem(found[ref], count.get(ref, 0), ways.get(best.get(ref, 0)))
            for ref in refs
            if ref in found
        ]
    }


_READERS: dict[str, Callable[[int | None, Sequence[str]], dict[str, Any]]] = {
    "listing": _listings,
    "item": _items,
    "member": _members,
}
