"""The first letter of a name."""

from __future__ import annotations

import pytest

from app.web.graphemes import first_letter


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("ana", "A"),
        ("  élodie", "É"),
        ("e\u0301lodie", "E\u0301"),
        ("夏雨", "夏"),
        ("👩‍👧 family", "👩‍👧"),
        ("🇸🇪 Sven", "🇸🇪"),
        ("👋🏽 hi", "👋🏽"),
        ("क्षितिज", "क्"),
        ("Z" + "\u0336" * 40 + "algo", "Z\u0336\u0336"),
        ("ßigrid", "SS"),
        ("", "?"),
        ("   ", "?"),
    ],
)
def test_a_letter_is_what_a_reader_sees(name: str, letter: str) -> None:
    assert first_letter(name) == letter
