"""Places are compared as people write them, and distances are those of a map."""

import pytest

from app.kernel.places import Box, Point, box_around, distance_km, parts_of, place_key

LUND, MALMO = Point(55.71, 13.19), Point(55.61, 13.0)


def test_places_are_compared_without_case_and_accents() -> None:
    assert place_key("  MALMÖ,  Möllan ") == "malmo, mollan"
    assert len(place_key("ﷺ" * 80)) <= 160


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Lund", ["Lund"]),
        ("Vasastan, 113 25 Stockholm", ["Vasastan", "Stockholm"]),
        ("Göteborg – Majorna", ["Göteborg", "Majorna"]),
        ("大安區，台北", ["大安區", "台北"]),
        ("Stratford-upon-Avon", ["Stratford-upon-Avon"]),
        ("a, b, c, d", ["a", "b", "c"]),
        (" 12 ", []),
    ],
)
def test_a_place_may_name_a_part_of_a_town(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


def test_distances_are_those_of_a_map() -> None:
    assert distance_km(LUND, MALMO) == pytest.approx(16.4, abs=0.5)
    assert distance_km(Point(0, 179.5), Point(0, -179.5)) == pytest.approx(111.2, abs=0.5)
    assert distance_km(LUND, LUND) == 0


@pytest.mark.parametrize("centre", [LUND, Point(-36.85, 174.76), Point(0.0, 0.0), Point(69.65, 18.96)])
@pytest.mark.parametrize("kilometres", [5.0, 50.0, 500.0])
def test_a_box_holds_all_that_is_near(centre: Point, kilometres: float) -> None:
    box = box_around(centre, kilometres)
    step = kilometres / 111.2 / 8
    for up in range(-10, 11):
        for along in range(-40, 41):
            point = Point(centre.latitude + up * step, (centre.longitude + along * step + 180) % 360 - 180)
            assert distance_km(centre, point) > kilometres or _holds(box, point), point


def test_a_box_crosses_the_date_line_and_takes_in_the_pole() -> None:
    assert _holds(box_around(Point(-17.0, 179.9), 50), Point(-17.0, -179.9))
    assert _holds(box_around(Point(-17.0, -179.9), 50), Point(-17.0, 179.9))
    assert box_around(Point(89.9, 10.0), 50).stretches == ((-180.0, 180.0),)


def _holds(box: Box, point: Point) -> bool:
    return box.south <= point.latitude <= box.north and any(
        west <= point.longitude <= east for west, east in box.stretches
    )
