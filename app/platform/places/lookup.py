"""Learning which town a text means, and the towns of texts that were learned."""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock
from typing import Final, cast

from sqlalchemy import Table, func, or_, select

from app.kernel.errors import TooMany
from app.kernel.ids import TownId
from app.kernel.places import Point, TownPoint, box_around, distance_km, place_key
from app.platform.database import db, in_unit_of_work, let_go, unit_of_work
from app.platform.limits import check_rate
from app.platform.places.gazetteer import find_town
from app.platform.places.tables import KnownPlace, KnownTown
from app.platform.slots import Slot
from app.platform.sql import insert_or_ignore

NOWHERE: Final = TownId(0)  # no place, or one that no gazetteer has
_T = cast(Table, KnownTown.__table__).c
_MOST_KNOWN: Final = 20_000
_ASKED: Final = 1000  # places, of which most lie in the community's own country
_ONE_BY_ONE = Lock()  # two looks at once would only take turns at the processor
# What places mean does not change, and a page of cards names dozens.
_KNOWN: Final = Slot[dict[str, TownPoint | None]]("known_towns", dict)


def learn(*texts: str) -> None:
    """Look up what is new and keep it; a look takes its time, so inside a transaction it is left to a job."""
    keys = {place_key(text): text for text in texts}
    keys.pop("", None)
    if not keys or in_unit_of_work():
        return
    there = set(db.session.scalars(select(KnownPlace.key).where(KnownPlace.key.in_(keys))))
    new = {key: text for key, text in keys.items() if key not in there}
    if not new:
        return
    likely = _usual_country()
    # The connection goes back while the file is searched.
    let_go()
    with _ONE_BY_ONE:
        found = {key: find_town(text, likely) for key, text in new.items()}
    towns = [
        {
            "id": town.id,
            "name": town.name,
            "country": town.country,
            "latitude": town.point.latitude,
            "longitude": town.point.longitude,
        }
        for town in dict.fromkeys(found.values())
        if town is not None
    ]
    with unit_of_work():
        insert_or_ignore(KnownTown, towns)
        insert_or_ignore(KnownPlace, [{"key": key, "town_id": town and town.id} for key, town in found.items()])


def meant_town(text: str) -> TownPoint | None:
    """The town of a text that a reader typed; nothing is kept, and looks at the gazetteer are rationed."""
    found = town_named(text)
    if found is not None or not text or known_town(text) is not None:
        return found
    try:
        check_rate("gazetteer", "60/minute")
    except TooMany:
        return None
    likely = _usual_country()
    let_go()
    with _ONE_BY_ONE:
        town = find_town(text, likely)
    return None if town is None else TownPoint(town.id, town.name, town.country, town.point)


def known_town(text: str) -> TownId | None:
    """What a row with that text keeps: its town, `NOWHERE`, or None as long as nobody has looked it up."""
    key = place_key(text)
    if not key:
        return NOWHERE
    row = db.session.execute(select(KnownPlace.town_id).where(KnownPlace.key == key)).one_or_none()
    return None if row is None else row.town_id or NOWHERE


def towns_named(texts: Collection[str]) -> dict[str, TownPoint]:
    """The towns that these texts mean, as far as they were looked up."""
    keys = {text: place_key(text) for text in texts if text}
    kept = _KNOWN.here()
    found = {key: kept[key] for key in keys.values() if key in kept}
    missing = {key for key in keys.values() if key and key not in found}
    if missing:
        query = select(KnownPlace.key, _T.id, _T.name, _T.country, _T.latitude, _T.longitude)
        query = query.outerjoin(KnownTown.__table__, _T.id == KnownPlace.town_id).where(KnownPlace.key.in_(missing))
        for key, town_id, name, country, latitude, longitude in db.session.execute(query):
            found[key] = None
            if town_id is not None:
                found[key] = TownPoint(town_id, name, country, Point(latitude, longitude))
            if len(kept) < _MOST_KNOWN:
                kept[key] = found[key]
    return {text: town for text, key in keys.items() if (town := found.get(key)) is not None}


def town_named(text: str) -> TownPoint | None:
    """The town of one text."""
    return towns_named([text]).get(text)


def towns_within(centre: TownPoint, kilometres: float) -> dict[TownId, float]:
    """The towns that members named and how far each is, the nearest first."""
    box = box_around(centre.point, kilometres)
    stretches = [KnownTown.longitude.between(*stretch) for stretch in box.stretches]
    inside = select(KnownTown.id, KnownTown.latitude, KnownTown.longitude).where(
        KnownTown.latitude.between(box.south, box.north), or_(*stretches)
    )
    far = {row.id: distance_km(centre.point, Point(row.latitude, row.longitude)) for row in db.session.execute(inside)}
    return {one: far[one] for one in sorted(far, key=lambda one: (far[one], one)) if far[one] <= kilometres}


def kilometres_between(one: TownPoint | None, other: TownPoint | None) -> int | None:
    """Whole kilometres, 0 in the same town; None where either is unknown."""
    return None if one is None or other is None else round(distance_km(one.point, other.point))


def _usual_country() -> str:
    """Where most places lie that were named here."""
    some = select(KnownPlace.town_id).where(KnownPlace.town_id.is_not(None)).limit(_ASKED).subquery()
    query = select(KnownTown.country).join(some, some.c.town_id == KnownTown.id)
    first = query.group_by(KnownTown.country).order_by(func.count().desc(), KnownTown.country).limit(1)
    return db.session.scalar(first) or ""
