"""What can be a title, in every script."""

from __future__ import annotations

import pytest

from app.kernel.titles import is_title

TITLES = ("TV", "茶壺", "茶", "壺", "ひ", "집", "3D", "1984", "Öl", "Ещё", "كتاب", "ถ้วย", "A4", "C++ book")
NONE = ("", " ", "???", "…", "!!", "--", "x", "7", "🎸", "🎸🎸", "\u200b\u200b", "\u0301\u0301", "¿?", "()", "€")


@pytest.mark.parametrize("text", TITLES)
def test_says_something(text: str) -> None:
    assert is_title(text)


@pytest.mark.parametrize("text", NONE)
def test_says_nothing(text: str) -> None:
    assert not is_title(text)
