"""What lies near a town: which towns those are, and the conditions that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy import ColumnElement, Integer, Table, func, literal, select

from app.kernel.ids import MemberId, TownId
from app.kernel.places import TownPoint
from app.market.listings.models import Listing
from app.market.listings.values import MOST_KM, MarketFilter, Sort, Status
from app.people.accounts.models import Member
from app.platform.database import db
from app.platform.places.lookup import meant_town, town_named, towns_within
from app.platform.sql import among, listed

_L = cast(Table, Listing.__table__).c
_M = cast(Table, Member.__table__).c
# Up to so many are read by their towns and sorted; of more, the newest first soon have a page.
FEW: Final = 1000


@dataclass(frozen=True, slots=True)
class Area:
    """A town, how far the others are from it, and whether only what is in these is asked for."""

    centre: TownPoint
    far: Mapping[TownId, float]
    only: bool
    few: bool = False

    def given(self) -> list[int] | str:
        """The towns, as a statement takes them."""
        return listed(list(self.far))

    def kilometres(self, town_id: TownId | None) -> float:
        """How far, and farther than anything else where it is not known."""
        return self.far.get(town_id or TownId(0), MOST_KM * 2.0)


def area_of(viewer_id: MemberId | None, wanted: MarketFilter) -> Area | None:
    """What `max_km` and the nearest first ask for; None where they do not, or where no such town is known."""
    if wanted.max_km is None and wanted.sort is not Sort.NEAREST:
        return None
    centre = meant_town(wanted.near) if wanted.near else town_of_member(viewer_id)
    if centre is None:
        return None
    far = towns_within(centre, wanted.max_km or MOST_KM)
    if wanted.max_km is None:
        return Area(centre, far, only=False)
    given = {"towns": listed(list(far))}
    some = select(literal(1)).where(_L.status == Status.ACTIVE.value, inside(indexed=True)).limit(FEW + 1).subquery()
    number = db.session.execute(select(func.count()).select_from(some), given).scalar_one()
    return Area(centre, far, only=True, few=number <= FEW)


def town_of_member(member_id: MemberId | None) -> TownPoint | None:
    """Where a member says to live."""
    if member_id is None:
        return None
    place = db.session.execute(select(_M.place).where(_M.id == member_id)).scalar_one_or_none()
    return town_named(place or "")


def inside(*, indexed: bool) -> ColumnElement[bool]:
    """In one of the towns that are given as `towns`; `indexed`: found by the towns, not among the newest."""
    return among(db.engine.dialect.name, _L.town_id if indexed else _L.town_id + 0, "towns", Integer())
