"""What is new for a viewer: from the circle, or from everybody with the circle's paths shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, Integer, ScalarSelect, Select, and_, any_, func, literal, or_, select

from app.community.recommendations.models import Recommendation
from app.community.recommendations.queries import said, said_rows
from app.discovery.feed.values import MOST_HIDDEN, Entry, FeedPage
from app.kernel.errors import Invalid
from app.market.listings.models import Listing
from app.market.listings.queries import cards_by_id
from app.market.listings.values import Status
from app.people.profiles.queries import cards
from app.platform.database import db
from app.trust.circle import queries as circles
from app.web.pagination import decode_cursor, encode_cursor

CIRCLE, EXPLORE = "circle", "explore"
# Who weighs least in a large circle has next to no say; a bounded list keeps the query small.
HEARD = 400


def feed(
    viewer_id: int | None, mode: str = CIRCLE, *, limit: int = 20, cursor: str | None = None
) -> FeedPage:
    """Newest first; raises `Invalid` for an unknown mode. Five statements.

    In explore mode the trusted people of a page come before the others of that page.
    """
    if mode not in {CIRCLE, EXPLORE}:
        raise Invalid("mode is “circle” or “explore”", code="bad_mode")
    circle = circles.circle_of(viewer_id)
    people = circle.ids[:HEARD] if mode == CIRCLE else None
    if people is not None and not people:
        return FeedPage([], None, _hidden(viewer_id, [], None))
    before = _before(cursor)
    words = {row.id: said(row) for row in db.session.execute(_said(people, before, limit))}
    offers = cards_by_id(viewer_id, _listings(people, before, limit))
    found: list[tuple[datetime, str, int]] = [
        *((one.at, one.id, one.member_id) for one in words.values()),
        *((one.created_at, one.id, one.seller.id) for one in offers.values()),
    ]
    found.sort(reverse=True)
    shown = found[:limit]
    authors = {author for _at, _id, author in shown}
    trails = circles.trails(viewer_id, authors - {viewer_id}, circle)
    faces = {one: trail.target for one, trail in trails.items() if trail.target}
    missing = authors - set(faces)
    if missing:
        faces |= cards(missing)
    entries = [
        Entry(
            kind="recommendation" if ident in words else "listing",
            id=ident,
            at=at,
            member=face,
            trail=trails.get(author),
            score=circle.score(author),
            said=words.get(ident),
            listing=offers.get(ident),
        )
        for at, ident, author in shown
        if (face := faces.get(author)) is not None
    ]
    last = shown[-1] if len(found) > limit else None
    if people is None:
        entries.sort(key=lambda entry: -entry.score)
    # Counted on the first page: later ones would say the same again.
    hidden = 0 if people is None or before else _hidden(viewer_id, people, last and last[0])
    return FeedPage(entries, encode_cursor(last[0].isoformat(), last[1]) if last else None, hidden)


def _hidden(viewer_id: int | None, people: list[int], since: datetime | None) -> int:
    """How much others said and offered in the time that the page covers; counted up to a bound."""
    shown = [*people, viewer_id or circles.STRANGER]
    words = said_rows().with_only_columns(literal(1)).where(
        ~_among(Recommendation.member_id, shown)
    )
    offers = select(literal(1)).where(
        Listing.status == Status.ACTIVE, ~_among(Listing.seller_id, shown)
    )
    if since is not None:
        words = words.where(Recommendation.updated_at >= since)
        offers = offers.where(Listing.created_at >= since)
    both = select(_bounded(words) + _bounded(offers))
    return min(MOST_HIDDEN, db.session.execute(both).scalar_one())


def _among(column: Any, ids: list[int]) -> Any:
    """The whole list as one value: hundreds of parameters cost more than the query itself."""
    if db.engine.dialect.name == "postgresql":
        return column == any_(literal(ids, ARRAY(Integer)))
    listed = func.json_each(json.dumps(ids)).table_valued("value")
    # The sum keeps SQLite from reading and sorting all that these people ever said: the newest
    # come in order by the index on the time.
    return (column + 0).in_(select(listed.c.value))


def _bounded(query: Select[Any]) -> ScalarSelect[int]:
    found = query.limit(MOST_HIDDEN).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _before(cursor: str | None) -> tuple[datetime, str] | None:
    key = decode_cursor(cursor, str, str)
    if key is None:
        return None
    try:
        return datetime.fromisoformat(key[0]).astimezone(UTC), key[1]
    except ValueError as problem:
        raise Invalid("the cursor is damaged", code="bad_cursor") from problem


def _said(
    people: list[int] | None, before: tuple[datetime, str] | None, limit: int
) -> Select[Any]:
    query = said_rows().order_by(Recommendation.updated_at.desc(), Recommendation.id.desc())
    if people is not None:
        query = query.where(_among(Recommendation.member_id, people))
    return _behind(query, Recommendation.updated_at, Recommendation.id, before).limit(limit + 1)


def _listings(
    people: list[int] | None, before: tuple[datetime, str] | None, limit: int
) -> list[str]:
    query = (
        select(Listing.id)
        .where(Listing.status == Status.ACTIVE)
        .order_by(Listing.created_at.desc(), Listing.id.desc())
    )
    if people is not None:
        query = query.where(_among(Listing.seller_id, people))
    query = _behind(query, Listing.created_at, Listing.id, before).limit(limit + 1)
    return list(db.session.scalars(query))


def _behind(
    query: Select[Any], at: Any, ident: Any, before: tuple[datetime, str] | None
) -> Select[Any]:
    if before is None:
        return query
    when, last = before
    return query.where(or_(at < when, and_(at == when, ident < last)))

