"""What a page shows of each kind of find, with the viewer's way to whoever stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.community.items.queries import items_by_id
from app.community.recommendations.models import Recommendation
from app.community.recommendations.queries import recommendation_rows
from app.community.recommendations.values import Disclosure, Stance
from app.discovery.search.values import ITEM, LISTING, MEMBER, ROOM, FoundItem, FoundMember
from app.kernel.ids import ItemId, MemberId
from app.market.listings.queries import cards_by_id, with_trails
from app.messaging.groups.queries import rooms_by_id
from app.people.profiles.queries import cards
from app.platform.database import db
from app.platform.subjects import NOBODY
from app.trust.circle import queries as circles
from app.trust.circle.values import CircleView

# The last says how near what was asked for is at most.
Reader = Callable[[MemberId | None, Sequence[str], CircleView, int | None], dict[str, Any]]


def recommended_by(
    viewer_id: MemberId | None, people: Sequence[MemberId], item_ids: Sequence[ItemId]
) -> dict[str, list[MemberId]]:
    """Who of these people recommends which of these items, unpaid; in one statement."""
    if not people or not item_ids:
        return {}
    found: dict[str, list[MemberId]] = {}
    rows = db.session.execute(
        recommendation_rows(viewer_id)
        .with_only_columns(Recommendation.item_id, Recommendation.member_id)
        .where(
            Recommendation.item_id.in_(item_ids),
            Recommendation.stance == Stance.RECOMMEND,
            # What was paid for never stands for trust.
            Recommendation.disclosure == Disclosure.NONE,
            Recommendation.member_id.in_(people),
        )
    )
    for item_id, member_id in rows:
        found.setdefault(item_id, []).append(member_id)
    return found


def _listings(viewer_id: MemberId | None, refs: Sequence[str], circle: CircleView, hops: int | None) -> dict[str, Any]:
    found = cards_by_id(viewer_id, refs)
    mine = circle if viewer_id is not None else None
    return {"listings": with_trails(viewer_id, [found[ref] for ref in refs if ref in found], mine, hops=hops)}


def _members(viewer_id: MemberId | None, refs: Sequence[str], circle: CircleView, hops: int | None) -> dict[str, Any]:
    ids = [MemberId(int(ref)) for ref in refs]
    faces = cards(ids)
    ways = circles.trails(viewer_id, ids, circle, hops=hops)
    return {"members": [FoundMember(faces[one], ways.get(one)) for one in ids if one in faces]}


def _items(viewer_id: MemberId | None, refs: Sequence[str], circle: CircleView, _hops: int | None) -> dict[str, Any]:
    found = items_by_id(refs)
    said = recommended_by(viewer_id, circle.ids, [one.id for one in found.values()])
    best = {item_id: max(people, key=circle.score) for item_id, people in said.items()}
    ways = circles.trails(viewer_id, set(best.values()), circle) if best else {}
    return {
        "items": [
            FoundItem(found[ref], len(said.get(ref, ())), ways.get(best.get(ref, NOBODY)))
            for ref in refs
            if ref in found
        ]
    }


def _rooms(viewer_id: MemberId | None, refs: Sequence[str], _circle: CircleView, _hops: int | None) -> dict[str, Any]:
    found = rooms_by_id(viewer_id or NOBODY, refs)
    return {"rooms": [found[ref] for ref in refs if ref in found]}


READERS: dict[str, Reader] = {LISTING: _listings, ITEM: _items, MEMBER: _members, ROOM: _rooms}
