"""What members write can neither break a page nor deceive its readers."""

from __future__ import annotations

import re
import time
import unicodedata
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from app.kernel.errors import Invalid
from app.platform import markup
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
    with pytest.raises(Invalid, match="The limit is 3"):
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


LINK = ' rel="nofollow ugc noopener"'
FLAG = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"{before}{address}{behind}", address)
        for address in (
            "https://example.org/docs",
            "https://example.org/a/__init__.py",
            "http://example.org/A_(b)",
            "https://example.org/?q=2*3*4&x=_y_",
            "https://例子.测试/路径",
        )
        for before, behind in (
            ("请看", "，谢谢"),
            ("見て", "。"),
            ("", "！"),
            ("「", "」"),
            ("（", "）"),
            ("《", "》"),
            ("“", "”"),
            ("«", "»"),
            ("„", "“"),
            ("‘", "’"),
            ("", "…"),
            ("", "—so"),
            ("(", ")"),
            ("(", ")."),
            ("", "."),
            ("", "?!"),
            ("сайт", " x"),
            ("ดู", " x"),
            ("พ", "؟"),
            ("여기", "、"),
            ("**", "**"),
            ("_", "_"),
            ("~~", "~~"),
            ("", "।"),
            ("🙂", " 🙂"),
            ("\n", "\n"),
            ("> ", ""),
            ("- ", ""),
        )
        if not (before == "_" and address.endswith("_"))
    ],
)
def test_an_address_ends_where_its_reader_sees_it_end(text: str, address: str) -> None:
    assert f"{LINK}>{escape(address)}</a>" in render_markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        r"¯\_(ツ)_/¯", "2*3*4", "2 * 3 * 4", "a**b**c", "snake_case_name", "__init__.py or __main__.py",
        r"C:\_temp\*.txt", r"\\server\share", ":* hi :*", "&amp; &copy;",
        "5 > 3 < 4", "a_b_ c_d",
        "x~~y~~z", "f(*args, **kw)", "1*", "*", "5.",
        "+", "e-mail: a_b@c_d.example", FLAG, "🇦🇹🇩🇪", "❤️ ☎︎ 1️⃣", "葛\U000e0100城", "👩🏽\u200d❤️\u200d💋\u200d👨🏿", "foohttps://x.org",
    ],
)  # fmt: skip
def test_what_is_no_markup_stays_as_it_was_typed(text: str) -> None:
    assert clean_text(text, 200) == text
    assert render_markdown(text) == f"<p>{escape(text)}</p>".replace("&#34;", '"').replace("&#39;", "'")
    assert plain_excerpt(text, 200) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("这是**重点**内容", "这是<strong>重点</strong>内容"),
        ("(*a*) *b*. '*c*'", "(<em>a</em>) <em>b</em>. '<em>c</em>'"),
        ("*d*-*e*, **f**!", "<em>d</em>-<em>e</em>, <strong>f</strong>!"),
        (r"\*so\* and \_x\_", "*so* and _x_"),
        ("***both***", "<em><strong>both</strong></em>"),
        ("「*强*」", "「<em>强</em>」"),
        ("~~gone~~", "<s>gone</s>"),
    ],
)  # fmt: skip
def test_what_is_markup_still_is(text: str, html: str) -> None:
    assert render_markdown(text) == f"<p>{html}</p>"


def test_hidden_letters_stay_out_where_they_make_no_flag() -> None:
    smuggled = "a\U000e0069\U000e0067 🏴\U000e0061 b\U000e0100"
    assert clean_text(smuggled, 50) == "a 🏴 b"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["2*3", "a_b", "x", "茶", " ", "(", ")", "/", "\\_", ".", "¯", "ツ", "~", "&lt;", "é", ":*"]),
        max_size=12,
    )
)
def test_nothing_typed_is_lost(parts: list[str]) -> None:
    """Whatever is made of it, each letter that is no mark is still to be read, in its order."""
    typed = clean_text("x " + "".join(parts), 400)
    shown = unescape(re.sub(r"<[^>]+>", "", render_markdown(typed)))
    kept = re.sub(r"[*_~\\\s]", "", typed)
    assert re.sub(r"[*_~\\\s]", "", shown) == kept


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(text=st.text(alphabet=st.sampled_from("abc XYZ 019 ,.!?()'-äß中文あأ") | st.characters(categories=["L", "N"])))
def test_words_alone_are_drawn_as_the_parser_and_the_cleaner_draw_them(text: str) -> None:
    text = markup.strip_invisible(text).strip()
    if markup._WORDS_ALONE.fullmatch(text) and not markup._ALONE.fullmatch(text):
        html = markup._tools.parser.render(text)
        assert render_markdown(text) == markup._tools.cleaner.clean(html).strip()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/short", "https://example.org/short"),
        ("https://example.org/" + "a" * 90, "example.org/" + "a" * 36 + "…"),
        # Where one goes is never cut: what follows the host may look like one.
        ("https://" + "paypal." * 9 + "evil.example/" + "b" * 40, "paypal." * 9 + "evil.example/bbbbbbb…"),
        ("https://example.org/?q=1&amp;" + "c" * 60, None),
    ],
)
def test_long_addresses_are_shortened_where_they_are_shown(address: str, shown: str | None) -> None:
    html = render_markdown(f"see {address} now")
    words = html.split('">', 1)[1].split("</a>", 1)[0]
    assert f'href="{address}"' in html or "&amp;" in html
    assert words == shown or (shown is None and words.endswith("…") and words.startswith("example.org/?q=1&amp;"))
    kept = render_markdown(f"[{'words ' * 20}](https://example.org/{'a' * 90})")
    assert "words words" in kept
    assert "…" not in kept
