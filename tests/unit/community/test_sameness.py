"""When two things are one: numbers, addresses, titles."""

from __future__ import annotations

import pytest

from app.community.items.rules import ALIKE, alike, gtin14, url_key, web_address
from app.platform.search.words import document_tokens


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("4006381333931", "04006381333931"),
        ("400-6381 333931", "04006381333931"),
        ("036000291452", "00036000291452"),
        ("96385074", "00000096385074"),
        ("00036000291452", "00036000291452"),
        ("4006381333932", None),
        ("400638133393", None),
        ("00000000", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
        ("", None),
    ],
)
def test_a_number_is_known_by_its_check_digit(typed: str, found: str | None) -> None:
    assert gtin14(typed) == found


@pytest.mark.parametrize(
    "typed",
    [
        "https://hario.com/v60",
        "http://www.HARIO.com/v60/",
        "hario.com/v60?utm_source=mail&utm_medium=x",
        "https://www.hario.com/v60?fbclid=abc#reviews",
        "https://hario.com:443/v60",
    ],
)
def test_one_place_however_it_is_written(typed: str) -> None:
    address = web_address(typed)
    assert address is not None
    assert url_key(address) == "hario.com/v60"


def test_what_changes_the_place_stays() -> None:
    one, other = (web_address(f"https://shop.example/p?id={n}&colour=red") for n in (1, 2))
    assert one is not None
    assert other is not None
    assert url_key(one) != url_key(other)
    turned = web_address("https://shop.example/p?colour=red&id=1")
    assert turned is not None
    assert url_key(one) == url_key(turned)


@pytest.mark.parametrize(
    "typed",
    [
        *("javascript:alert(1)", "ftp://example.org/a", "https://user:pass@example.org", "http://[::1"),
        *("https://localhost/x", "https://192.168.0.1/", "https://exa mple.org", "https://example.org:99999/"),
        *("//", "https://", "https://example.org/" + "a" * 600, "https://example.org/?q=<script>", "x"),
    ],
)
def test_what_is_no_public_address_is_refused(typed: str) -> None:
    assert web_address(typed) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hario V60", "HARIO V60 dripper", True),
        ("Café Mocha pot", "cafe mocha POT", True),
        ("Bike repair Lund", "Lund: bike repairs", True),
        ("手冲咖啡滤杯", "咖啡滤杯", True),
        ("Hario V60 滤杯", "Hario 滤杯", True),
        ("iPhone 12", "iPhone 13", False),
        ("Kettle", "Toaster", False),
        ("Stilla filter: Ethiopia Guji", "Stilla house blend", False),
        ("!!!", "???", False),
    ],
)
def test_titles_alike(one: str, other: str, same: bool) -> None:
    score = alike(document_tokens("", one), document_tokens("", other))
    assert (score >= ALIKE) is same
    assert score == alike(document_tokens("", other), document_tokens("", one))
