"""What a line of an import file means."""

from __future__ import annotations

import pytest

from app.importing.rules import (
    BadLine,
    Scale,
    handle_of,
    is_header,
    parse_item,
    parse_trust,
)
from app.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("fields", "weight"),
    [
        (["1", "2"], 1.0),
        (["1", "2", ""], 1.0),
        (["1", "2", "0.25"], 0.25),
        (["1", "2", ".5"], 0.5),
        (["1", "2", "7"], 1.0),
        (["1", "2", "1e-3"], 0.001),
        (["1", "2", "0"], 0.0),
        (["1", "2", "-1"], 0.0),
        (["1", "2", "-0.0"], 0.0),
        (["1", "2", "1", "left", "over"], 1.0),
    ],
)
def test_weights_are_kept_and_cut_and_nothing_or_less_is_distrust(fields: list[str], weight: float) -> None:
    found = parse_trust(fields)
    assert (found.truster, found.trustee, found.weight) == ("u1", "u2", weight)


@pytest.mark.parametrize(
    "fields",
    [
        [],
        ["1"],
        ["1", ""],
        ["", "2"],
        ["1", "1"],
        ["1", "1", "0"],
        ["1", "2", "nan"],
        ["1", "2", "inf"],
        ["1", "2", "much"],
        ["1", "2", "1_0"],
        ["1", "2", "٣"],
        ["Änne", "2"],
        ["a b", "2"],
        ["-1", "2"],
        ["x" * 30, "2"],
    ],
)
def test_bad_trust_lines(fields: list[str]) -> None:
    with pytest.raises(BadLine):
        parse_trust(fields)


def test_a_weight_too_small_for_a_float_is_still_trust() -> None:
    assert parse_trust(["1", "2", "1e-900"]).weight > 0


def test_handles_keep_the_id_as_it_is() -> None:
    assert handle_of("007") == "u007"
    assert handle_of("bob_1") == "ubob_1"
    assert handle_of("A1B2") == "ua1b2", "handles are written in small letters"


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("1:5", {"1": "avoid", "2": "avoid", "2.34": "neutral", "3": "neutral", "3.67": "recommend", "5": "recommend"}),
        ("0.5:4", {"0.5": "avoid", "1.5": "avoid", "2": "neutral", "2.5": "neutral", "3": "recommend"}),
        ("1:4", {"1": "avoid", "2": "avoid", "2.5": "neutral", "3": "recommend"}),
        ("0:0.3", {"0.1": "avoid", "0.15": "neutral", "0.2": "recommend"}),
        ("-3:3", {"-3": "avoid", "-1": "avoid", "0": "neutral", "1": "recommend"}),
    ],
)
def test_thirds_are_exact_and_inclusive(scale: str, expected: dict[str, str]) -> None:
    found = Scale.parse(scale, None)
    assert {rating: found.judge(rating)[1] for rating in expected} == expected


def test_recommend_from_is_inclusive_and_wins() -> None:
    found = Scale.parse("1:5", "2")
    assert found.judge("2") == (2.0, "recommend")
    assert found.judge("1") == (1.0, "avoid")


@pytest.mark.parametrize("scale", ["5", "5:1", "1:1", "a:b", ":", "1:nan", ""])
def test_a_scale_that_is_none_is_refused(scale: str) -> None:
    with pytest.raises(Invalid):
        Scale.parse(scale, None)


@pytest.mark.parametrize(
    "fields",
    [
        ["1", "2"],
        ["1", "2", ""],
        ["1", "", "3"],
        ["1", "2", "0"],
        ["1", "2", "5.01"],
        ["1", "2", "nan"],
        ["é", "2", "3"],
    ],
)
def test_bad_ratings(fields: list[str]) -> None:
    with pytest.raises(BadLine):
        Scale.parse("1:5", None).parse_rating(fields)


def test_a_rating_with_and_without_a_time() -> None:
    scale = Scale.parse("1:5", None)
    assert scale.parse_rating(["1", "x-9", "4", "963360000"]) == ("u1", "x-9", 4.0, "recommend", 963360000)
    assert scale.parse_rating(["1", "x-9", "4"]).unix_time is None
    assert scale.parse_rating(["1", "x-9", "4", "yesterday"]).unix_time is None
    assert scale.parse_rating(["1", "x-9", "4", "1e300"]).unix_time is None


def test_items_need_an_id_and_a_title() -> None:
    assert parse_item(["1", "A, B", "Jazz"]) == ("1", "A, B", "Jazz", None)
    for bad in (["1"], ["", "title"], ["1", " "], ["x" * 300, "title"]):
        with pytest.raises(BadLine):
            parse_item(bad)


@pytest.mark.parametrize(
    ("kind", "fields", "header"),
    [
        ("trust", ["truster", "trustee", "weight"], True),
        ("trust", ["source", "target"], True),
        ("trust", ["von", "nach", "gewicht"], True),
        ("trust", ["ann", "bob"], False),
        ("trust", ["1", "2", "x"], False),
        ("ratings", ["user_id", "movie_id", "rating", "timestamp"], True),
        ("ratings", ["1", "2", "3"], False),
        ("items", ["external_id", "title", "category"], True),
        ("items", ["tt0", "Some film"], False),
    ],
)
def test_headers_are_told_from_lines(kind: str, fields: list[str], header: bool) -> None:
    assert is_header(kind, fields) is header
