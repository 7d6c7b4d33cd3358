"""Word of mouth as a viewer sees it: my circle first, everybody else counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.community.recommendations.rules import rank
from app.community.recommendations.values import (
    Counts,
    Endorsement,
    Endorsements,
    Glance,
    Said,
    Stance,
)
from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.people.accounts.models import Member
from app.platform.database import db
from app.platform.files import photo_url
from app.platform.markup import render_markdown
from app.trust.circle import queries as circles

_SAID: tuple[Any, ...] = (
    Recommendation.id,
    Recommendation.item_id,
    Recommendation.member_id,
    Recommendation.stance,
    Recommendation.rating,
    Recommendation.rating_high,
    Recommendation.text,
    Recommendation.disclosure,
    Recommendation.updated_at,
    Item.title,
    Item.category,
    Item.photo_id,
)
_TEXT: tuple[Any, ...] = (
    Recommendation.id,
    Recommendation.member_id,
    Recommendation.stance,
    Recommendation.rating,
    Recommendation.rating_high,
    Recommendation.text,
    Recommendation.disclosure,
    Recommendation.verified_purchase,
    Recommendation.updated_at,
)
SHOWN = 20  # endorsements of trusted people on the page, until all are asked for
EVERYBODY = 1000  # as many as a circle holds: the API and the command line leave nobody out


def endorsements(viewer_id: int | None, item_id: str, *, most: int = SHOWN) -> Endorsements:
    """Who in the viewer's circle says what, best first, and how many others.

    Three statements, whatever the number of recommendations.
    """
    circle = circles.circle_of(viewer_id)
    rows = db.session.execute(
        select(Recommendation.member_id, Recommendation.stance, Recommendation.disclosure)
        .join(Member, Member.id == Recommendation.member_id)
        .where(Recommendation.item_id == item_id, *_standing())
    ).all()
    known = [row for row in rows if row.member_id in circle and row.member_id != viewer_id]
    known.sort(key=lambda row: rank(circle.score(row.member_id), row.disclosure, row.member_id))
    ids = [row.member_id for row in known]
    trails = circles.trails(viewer_id, ids[:most], circle)
    texts = _texts(item_id, ids[:most])
    trusted = []
    for member_id in ids[:most]:
        trail, row = trails.get(member_id), texts.get(member_id)
        if trail is None or row is None or trail.target is None:
            continue
        trusted.append(
            Endorsement(
                id=row.id,
                member=trail.target,
                stance=row.stance,
                rating=row.rating,
                rating_max=row.rating_high,
                text=row.text,
                text_html=render_markdown(row.text) if row.text else "",
                score=circle.score(member_id),
                distance=trail.distance,
                trail=trail,
                path=trail.handles,
                verified_purchase=row.verified_purchase,
                disclosure=row.disclosure,
                at=row.updated_at,
            )
        )
    mine = {viewer_id, *ids}
    others = Counter(row.stance for row in rows if row.member_id not in mine)
    recommending = [row.member_id for row in known if row.stance == Stance.RECOMMEND]
    return Endorsements(
        item_id=item_id,
        trusted=tuple(trusted),
        independent_ways=circles.independent_ways(viewer_id, recommending) if recommending else 0,
        others=Counts(others["recommend"], others["neutral"], others["avoid"]),
        recommending=len(recommending),
        further=len(known) - len(trusted),
    )


def glances(viewer_id: int | None, item_ids: Sequence[str]) -> dict[str, Glance]:
    """The same in one line for each of many items; two statements for all."""
    if not item_ids:
        return {}
    circle = circles.circle_of(viewer_id)
    rows = db.session.execute(
        select(Recommendation.item_id, Recommendation.member_id, Recommendation.disclosure)
        .join(Member, Member.id == Recommendation.member_id)
        .where(
            Recommendation.item_id.in_(item_ids),
            Recommendation.stance == Stance.RECOMMEND,
            *_standing(),
        )
    ).all()
    trusted: dict[str, list[tuple[bool, float, int]]] = {ident: [] for ident in item_ids}
    others = Counter[str]()
    for row in rows:
        if row.member_id in circle and row.member_id != viewer_id:
            score = circle.score(row.member_id)
            trusted[row.item_id].append(rank(score, row.disclosure, row.member_id))
        elif row.member_id != viewer_id:
            others[row.item_id] += 1
    best = {ident: min(keys)[2] for ident, keys in trusted.items() if keys}
    trails = circles.trails(viewer_id, set(best.values()), circle)
    return {
        ident: Glance(
            len(keys), trails.get(best[ident]) if keys else None, others[ident]
        )
        for ident, keys in trusted.items()
    }


def own(viewer_id: int, item_id: str) -> Said | None:
    """What the viewer says of it."""
    query = said_rows().where(
        Recommendation.item_id == item_id, Recommendation.member_id == viewer_id
    )
    row = db.session.execute(query).one_or_none()
    return said(row) if row else None


def by_member(member_id: int, *, limit: int = 20) -> list[Said]:
    """A member's latest recommendations, for the profile."""
    query = (
        said_rows()
        .where(Recommendation.member_id == member_id)
        .order_by(Recommendation.updated_at.desc())
        .limit(limit)
    )
    return [said(row) for row in db.session.execute(query)]


def count_recommended(member_id: int, item_ids: Sequence[str], since: datetime) -> int:
    """How many of these items the member has recommended since then, and still does."""
    query = (
        select(func.count())
        .select_from(Recommendation)
        .where(
            Recommendation.member_id == member_id,
            Recommendation.item_id.in_(item_ids),
            Recommendation.stance == Stance.RECOMMEND,
            Recommendation.updated_at >= since,
            Recommendation.removed_at.is_(None),
        )
    )
    return db.session.scalar(query) or 0


def get_said(recommendation_id: str) -> Said:
    """One recommendation; raises `NotFound`."""
    row = db.session.execute(
        said_rows().where(Recommendation.id == recommendation_id)
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such recommendation."))
    return said(row)


def said_rows() -> Select[Any]:
    """Standing recommendations with their items; `said` reads the rows."""
    return (
        select(*_SAID)
        .join(Item, Item.id == Recommendation.item_id)
        .join(Member, Member.id == Recommendation.member_id)
        .where(Item.removed_at.is_(None), *_standing())
    )


def said(row: Row[Any]) -> Said:
    """A row of `said_rows`."""
    return Said(
        id=row.id,
        item_id=row.item_id,
        item_title=row.title,
        item_category=row.category,
        item_photo_url=photo_url(row.photo_id, "thumb") if row.photo_id else None,
        member_id=row.member_id,
        stance=row.stance,
        rating=row.rating,
        rating_max=row.rating_high,
        text=row.text,
        text_html=render_markdown(row.text) if row.text else "",
        disclosure=row.disclosure,
        at=row.updated_at,
    )


def _standing() -> tuple[ColumnElement[bool], ...]:
    until = Member.suspended_until
    return (
        Recommendation.removed_at.is_(None),
        Member.active.is_(True),
        or_(until.is_(None), until <= clock.now()),
    )


def _texts(item_id: str, ids: Sequence[int]) -> dict[int, Row[Any]]:
    if not ids:
        return {}
    query = select(*_TEXT).where(
        Recommendation.item_id == item_id, Recommendation.member_id.in_(ids)
    )
    return {row.member_id: row for row in db.session.execute(query)}
