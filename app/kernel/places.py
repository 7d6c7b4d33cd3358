"""Places as they are compared, and how far apart points are: pure decisions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

from app.kernel.ids import TownId

KEY_LENGTH: Final = 160
_EARTH: Final = 6371.0  # kilometres
_DEGREE: Final = 111.2  # kilometres of one degree of latitude
_PARTS: Final = re.compile(r"[,;/|·()（），、]|\s[-–—]\s")
_NUMBER: Final = re.compile(r"\d")
_MOST_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, as near as a town is."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class TownPoint:
    """A town and where it lies."""

    id: TownId
    name: str
    country: str
    point: Point


@dataclass(frozen=True, slots=True)
class Box:
    """Whatever lies within a distance lies in it; two stretches of longitude where it crosses the date line."""

    south: float
    north: float
    stretches: tuple[tuple[float, float], ...]


def place_key(place: str) -> str:
    """How places are compared: without case and accents."""
    decomposed = unicodedata.normalize("NFKD", place.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.split())[:KEY_LENGTH]


def parts_of(place: str) -> list[str]:
    """“Vasastan, 113 25 Stockholm” names two places, the smaller one first; numbers are no names."""
    found = [" ".join(word for word in one.split() if not _NUMBER.search(word)) for one in _PARTS.split(place)]
    return [one for one in found if one][:_MOST_PARTS]


def distance_km(one: Point, other: Point) -> float:
    """Along the surface of the earth, by the haversine formula."""
    south, north = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(across / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))


def box_around(point: Point, kilometres: float) -> Box:
    """Degrees that hold all that is so near; all longitudes where the pole is near."""
    high = kilometres / _DEGREE
    south, north = point.latitude - high, point.latitude + high
    narrowest = cos(radians(min(90.0, max(abs(south), abs(north)))))
    if south <= -90 or north >= 90 or high >= 180 * narrowest:
        return Box(south, north, ((-180.0, 180.0),))
    wide = high / narrowest
    west, east = point.longitude - wide, point.longitude + wide
    if west < -180:
        return Box(south, north, ((west + 360, 180.0), (-180.0, east)))
    if east > 180:
        return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
    return Box(south, north, ((west, east),))
