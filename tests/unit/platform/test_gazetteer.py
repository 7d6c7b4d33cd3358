"""Which town a text means."""

from __future__ import annotations

import pytest

from app.platform.places.gazetteer import find_town


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Lund", "Lund", "SE"),
        ("lund", "Lund", "SE"),
        ("MALMÖ", "Malmö", "SE"),
        ("malmo", "Malmö", "SE"),
        ("København", "Copenhagen", "DK"),
        ("台北", "Taipei", "TW"),
        ("臺北市", "Taipei", "TW"),
        ("القاهرة", "Cairo", "EG"),
        ("223 50 Lund, Sverige", "Lund", "SE"),
        ("Möllan, Malmö", "Malmö", "SE"),
        ("Vasastan, Stockholm", "Vasastaden", "SE"),
        ("Springfield, IL", "Springfield", "US"),
        ("Paris, Texas", "Paris", "US"),
        ("Paris", "Paris", "FR"),
    ],
)
def test_a_town_is_found_as_people_write_it(text: str, name: str, country: str) -> None:
    town = find_town(text)
    assert town is not None
    assert (town.name, town.country) == (name, country)


@pytest.mark.parametrize("text", ["", "12", "Nowhereville-upon-Kin", "Lund, Norway", "my place", '"'])
def test_what_is_no_town_is_none(text: str) -> None:
    assert find_town(text) is None


def test_a_namesake_at_home_is_meant_unless_it_is_tiny() -> None:
    abroad, at_home, tiny = find_town("London"), find_town("London", "CA"), find_town("Berlin", "US")
    assert abroad is not None
    assert at_home is not None
    assert tiny is not None
    assert (abroad.country, at_home.country, tiny.country) == ("GB", "CA", "DE")


def test_a_point_is_no_nearer_than_the_town() -> None:
    town = find_town("Lund")
    assert town is not None
    assert (town.point.latitude, town.point.longitude) == (55.71, 13.19)
