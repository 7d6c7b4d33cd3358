"""What members write: cleaned when it comes in, rendered safely when it goes out.

The one module that knows bleach.
"""

from __future__ import annotations

import re
import threading
from collections.abc import MutableMapping
from functools import lru_cache, partial
from typing import Final

from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.platform import inline_rules
from app.platform.cleaning import clean_line, clean_text, strip_invisible

__all__ = [
    "clean_line",
    "clean_text",
    "link_allowed",
    "plain_excerpt",
    "plain_text",
    "render_markdown",
    "strip_invisible",
]

TAGS: Final = frozenset(
    {"a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
)
REL: Final = "nofollow ugc noopener"
RENDERED: Final = 4096  # texts kept rendered; bleach costs about half a millisecond each

LONG_ADDRESS: Final = 48

_ADDRESS = re.compile(r"(?:https?://)?([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_SPACES = re.compile(r"\s+")

_LINK = re.compile(r"(?:https?://[^\s/\\]|mailto:[^\s@]+@|/(?!/|\\|%5c|%2f))", re.IGNORECASE)

# The parser has found the addresses (`inline_rules`); only what says http is one.
_NOTHING_MORE = re.compile(r"(?!)")
_AMPERSAND: Final = "\ufdd0"  # no letter; `strip_invisible` lets none through
# Not a list of nothing.
_ALONE = re.compile(r"[-+*]|\d{1,9}[.)]")
# What has no sign of markup needs no parser.
_MARKED = re.compile(r"[*_`~\[\]<>\\]|^\s*(?:[-+]|\d+[.)])|\n", re.MULTILINE)

# Nothing here means anything to the parser or in HTML: most of what is said in a chat.
_WORDS_ALONE = re.compile(r"[^\W_](?:[^\W_]|[ ,.!?()'-])*")

Attributes = MutableMapping[tuple[str | None, str] | str, str]


def link_allowed(address: str) -> bool:
    """http, https, mail and paths of this site; `//host` would leave it unseen."""
    return _LINK.match(strip_invisible(address).strip()) is not None


def _mark_link(attributes: Attributes, new: bool = False) -> Attributes | None:
    """bleach asks for each link: answers its attributes, or None to leave only the text."""
    if not link_allowed(attributes.get((None, "href"), "")):
        return None
    attributes[None, "rel"] = REL
    shown = attributes.get("_text", "")
    if len(shown) > LONG_ADDRESS and shown == attributes.get((None, "href")):
        attributes["_text"] = _shortened(shown)
    return attributes


def _shortened(address: str) -> str:
    """The host in full, for it says where one goes, and the beginning of the rest."""
    host, rest = _ADDRESS.fullmatch(address).groups()  # type: ignore[union-attr] # it fits any text
    return f"{host}{rest[: max(8, LONG_ADDRESS - len(host))]}…"


class _Tools(threading.local):
    """bleach's cleaner and the parser keep state while they work: one of each per thread."""

    def __init__(self) -> None:
        self.parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False, "maxNesting": 20})
        # Entities stay as they were typed too.
        self.parser.disable(["image", "heading", "lheading", "html_block", "html_inline", "reference", "entity"])
        self.parser.enable("strikethrough")
        inline_rules.install(self.parser)
        self.parser.validateLink = link_allowed  # type: ignore[assignment, method-assign] # its hook
        self.cleaner = Cleaner(
            tags=TAGS,
            attributes={"a": ["href"], "ol": ["start"]},
            protocols={"http", "https", "mailto"},
            strip=True,
            filters=[
                partial(
                    LinkifyFilter,
                    callbacks=[_mark_link],
                    skip_tags={"pre", "code"},
                    url_re=_NOTHING_MORE,
                )
            ],
        )


_tools = _Tools()


def render_markdown(text: str) -> Markup:
    """Markdown without raw HTML, images and headings, as clean HTML."""
    return _rendered(text)


@lru_cache(maxsize=RENDERED)
def _rendered(text: str) -> Markup:
    text = strip_invisible(text)
    if _ALONE.fullmatch(text.strip()):
        return Markup("<p>") + text.strip() + Markup("</p>")
    if _WORDS_ALONE.fullmatch(text) and not _MARKED.search(text):
        return Markup(f"<p>{text.rstrip(' ')}</p>")  # noqa: S704 - no letter of it is one of HTML's
    # bleach takes “&amp;lt;” for what the writer meant by “&lt;”: what was typed shall be read.
    html = _tools.parser.render(text).replace("&amp;", _AMPERSAND)
    return Markup(_tools.cleaner.clean(html).strip().replace(_AMPERSAND, "&amp;"))  # noqa: S704 - made safe here


def plain_text(text: str) -> str:
    """The words of a text in Markdown, without its signs."""
    return Markup(render_markdown(text)).striptags()  # noqa: S704 - cleaned HTML becomes plain text


def plain_excerpt(text: str, most: int) -> str:
    """The beginning as one line without markup signs, for lists."""
    line = _SPACES.sub(" ", _words_of(text)).strip()
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


@lru_cache(maxsize=RENDERED)
def _words_of(text: str) -> str:
    """What a reader sees of it, without the markup."""
    text = strip_invisible(text)
    if not _MARKED.search(text) or _ALONE.fullmatch(text.strip()):
        return text
    found: list[str] = []
    for token in _tools.parser.parse(text):
        if token.type == "inline":
            found.extend(_seen(child) for child in token.children or ())
        elif token.type == "list_item_open":
            found.append(f"{token.info}{token.markup} ")
        elif token.type in {"fence", "code_block", "hr"}:
            found.append(token.content or token.markup)
        elif token.nesting < 0:
            found.append("\n")
    return "".join(found)


def _seen(token: Token) -> str:
    return "\n" if token.type in {"softbreak", "hardbreak"} else token.content
