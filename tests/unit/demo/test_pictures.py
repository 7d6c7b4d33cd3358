"""Every thing of the demo has a picture of its own kind, drawn the same each time."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from app.demo import pictures
from app.demo.pictures import THINGS, draw_object

DATA = Path(pictures.__file__).parent / "data"
SHOWN = [
    (one["title"], one["picture"])
    for name in ("things.json", "listings.json")
    for one in json.loads((DATA / name).read_text(encoding="utf-8"))
]
# A word of the title, and what its picture must then be of.
TELLING = {
    "bicycle": {"bicycle"},
    "bike": {"bicycle", "workshop"},
    "camera": {"camera"},
    "honey": {"honey"},
    "jacket": {"jacket"},
    "knife": {"knife"},
    "lamp": {"lamp"},
    "piano": {"piano"},
    "pram": {"pram"},
    "radio": {"radio"},
    "records": {"records"},
    "stool": {"stool"},
    "stove": {"stove"},
    "tent": {"tent"},
    "turntable": {"record_player"},
    "violin": {"violin"},
}


@pytest.mark.parametrize(("title", "picture"), SHOWN, ids=[title for title, _ in SHOWN])
def test_a_picture_shows_what_the_title_says(title: str, picture: str) -> None:
    assert picture in THINGS
    words = title.lower().replace(",", " ").split()
    for word in set(words) & set(TELLING):
        assert picture in TELLING[word], title


def test_the_same_seed_draws_the_same_picture_and_another_has_other_colours() -> None:
    assert draw_object("mug", 7) == draw_object("mug", 7)
    assert draw_object("mug", 7) != draw_object("mug", 8)


def test_no_picture_is_an_empty_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SIZE", (64, 80))
    for thing in THINGS:
        picture = Image.open(BytesIO(draw_object(thing, 7)))
        assert picture.size == (64, 80)
        assert len(picture.convert("RGB").getcolors(64 * 80) or ()) > 200, thing
