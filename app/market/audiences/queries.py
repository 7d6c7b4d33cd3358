"""Who is in an audience, as a condition of SQL and in figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.kernel.ids import ListingId, MemberId
from app.market.audiences.models import ListingAudience, SellerReach
from app.market.audiences.values import SHOWN_TO_ALL, Audience, Shown
from app.platform.database import db
from app.platform.subjects import Looker

_A, _R = ListingAudience, SellerReach


def in_audience(listing_id: Any, viewer: Looker) -> ColumnElement[bool]:
    """A condition on the column of listings' ids: the viewer is near enough to the seller.

    Only the few listings that have an audience are looked up any further.
    """
    limited = select(_A.listing_id) if viewer is None else unseen_by(viewer)
    return ~limited.where(_A.listing_id == listing_id).correlate_except(_A, _R).exists()


def unseen_by(viewer: Any) -> Select[ListingId]:
    """The ids of the listings whose audience the viewer is not in, for what counts without reading listings.

    A join, not a condition within the condition: SQLite's parser takes only so many of these, and pages
    about many kinds of things are near to that.
    """
    near = and_(_R.seller_id == _A.seller_id, _R.member_id == viewer, _R.steps <= _A.steps)
    return select(_A.listing_id).outerjoin(_R, near).where(_A.seller_id != viewer, _R.member_id.is_(None))


def has_limited() -> bool:
    """Whether there are listings that not everyone sees."""
    return db.session.scalar(select(_A.listing_id).limit(1)) is not None


def audience_of(listing_id: ListingId) -> Audience:
    """Whom the listing is shown to now."""
    return shown(listing_id).audience


def shown(listing_id: ListingId) -> Shown:
    """The audience with what only its seller is told, in one statement."""
    people = (
        select(func.count()).where(_R.seller_id == _A.seller_id, _R.steps <= _A.steps).correlate(_A).scalar_subquery()
    )
    query = select(_A.steps, _A.days, _A.most, _A.widens_at, people.label("people"))
    row = db.session.execute(query.where(_A.listing_id == listing_id)).one_or_none()
    if row is None:
        return SHOWN_TO_ALL
    audience = Audience(steps=row.steps, days=row.days, most=row.most)
    return Shown(audience=audience, widens_at=row.widens_at, people=row.people)


def how_many(seller_id: MemberId, steps: int) -> int:
    """How many people are at most so many steps away from the seller."""
    mine = select(func.count()).select_from(_R)
    return db.session.scalar(mine.where(_R.seller_id == seller_id, _R.steps <= steps)) or 0


def reached_among(listing_id: ListingId, members: Iterable[MemberId]) -> frozenset[MemberId] | None:
    """Those of the members who are in the listing's audience; None: it has none, everyone is."""
    row = db.session.get(_A, listing_id)
    if row is None:
        return None
    near = select(_R.member_id).where(
        _R.seller_id == row.seller_id, _R.steps <= row.steps, _R.member_id.in_(list(members))
    )
    return frozenset(db.session.scalars(near))
