"""What members write can neither break a page nor deceive its readers."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.platform.markup import clean_line, clean_text, link_allowed, plain_excerpt, render_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and _soft_", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# no heading", "<p># no heading</p>"),
        ("<b>raw</b>", "<p>&lt;b&gt;raw&lt;/b&gt;</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        (
            "[a](https://example.org/)",
            '<p><a href="https://example.org/" rel="nofollow ugc noopener">a</a></p>',
        ),
        ("[home](/items)", '<p><a href="/items" rel="nofollow ugc noopener">home</a></p>'),
    ],
)
def test_markdown(text: str, html: str) -> None:
    assert render_markdown(text) == html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.org",
        "/\\evil.org",
        "\\\\evil.org",
        "///evil.org",
        "https:///evil.org",
        "\u202ehttps:",
        "&#106;avascript:alert(1)",
        "file:///etc/passwd",
        "x",
        "",
    ],
)
def test_links_that_are_refused(address: str) -> None:
    assert not link_allowed(address)
    assert "href" not in render_markdown(f"[b]({address})")
    assert "href" not in render_markdown(f"[b](<{address}>)")


def test_images_leave_no_request() -> None:
    assert "<img" not in render_markdown("![a](https://example.org/pixel.png)")


def test_bare_address_becomes_a_link_but_not_in_code() -> None:
    assert 'rel="nofollow ugc noopener"' in render_markdown("see https://example.org now")
    assert "href" not in render_markdown("`https://example.org`")


def test_invisible_letters_go() -> None:
    assert clean_line("a\u202eb\u2066c\u0000d\ud800e\u200bf", 20) == "abcdef"
    assert "\u202e" not in render_markdown("moc\u202elive")


def test_joiners_and_ordinary_accents_stay() -> None:
    family = "👩\u200d👩\u200d👧"
    assert clean_line(family, 20) == family
    assert clean_line("Việt Nam สวัสดี שָׁלוֹם", 40) == unicodedata.normalize("NFC", "Việt Nam สวัสดี שָׁלוֹם")


def test_heaps_of_marks_are_cut() -> None:
    assert len(clean_line("Z" + "\u0335" * 300, 50)) <= 5


def test_lines_and_spaces() -> None:
    assert clean_line("  a \n\t b  ", 10) == "a b"
    assert clean_text("a\r\n\r\n\r\n\r\nb\u2028c ", 20) == "a\n\nb\nc"
    with pytest.raises(Invalid, match="at most 3"):
        clean_line("abcd", 3)


def test_excerpt() -> None:
    assert plain_excerpt("**a**\nb", 10) == "a b"
    assert plain_excerpt("abcdefghij", 5) == "abcd…"


@pytest.mark.parametrize(
    "bomb",
    ["[" * 8000, "*" * 8000, "> " * 4000, "- " * 4000, "`" * 8000, "<a " * 2600, "a.b." * 2000, "![" * 4000],
)
def test_bombs_are_dull(bomb: str) -> None:
    begin = time.perf_counter()
    render_markdown(bomb)
    assert time.perf_counter() - begin < 2.0


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab <>[]()!*_`\"'/\\:&;#=\n\u202e\u0300jsh.", max_size=80))
def test_nothing_dangerous_comes_out(text: str) -> None:
    html = render_markdown(text).lower()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="//' not in html
    assert 'href="javascript' not in html
    assert "\u202e" not in html
    assert html.count("<a ") == html.count('rel="nofollow ugc noopener"')


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text, 1000)
    assert clean_text(once, 1000) == once
    once.encode()
