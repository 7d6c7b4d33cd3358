"""Texts of members as they come in: without what nobody sees, in one line or several."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from app.kernel.errors import Invalid
from app.platform import choosing

MAX_MARKS: Final = 4  # combining marks on one letter; Hebrew and Thai need up to three

# Overrides, embeddings and isolates turn the reading order of what follows: “moc.live” looks like a
# name. Joiners (U+200C, U+200D) stay, Persian and emoji need them.
# A flag of a region is a black one with letters nobody sees behind it; a variation selector chooses among
# the shapes of a Han character. Anywhere else both are hidden text.
_INVISIBLE = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f)"
    "|((?<=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef])"
    "|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u115f\u1160\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff]"
)
_BREAK = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_EMPTY_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
_SPACES = re.compile(r"\s+")


def strip_invisible(text: str) -> str:
    """Without control characters, direction overrides and heaps of combining marks."""
    text = _INVISIBLE.sub(lambda found: found[1] or found[2] or "", _BREAK.sub("\n", text))
    if text.isascii():
        return text
    return _without_heaps(unicodedata.normalize("NFC", text))


def _without_heaps(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        if marks <= MAX_MARKS:
            kept.append(letter)
    return "".join(kept)


def clean_line(text: str, most: int) -> str:
    """One line with single spaces; raises `Invalid` when longer than `most` characters."""
    return _bounded(_SPACES.sub(" ", choosing.only_at_work(strip_invisible(text))).strip(), most)


def clean_text(text: str, most: int) -> str:
    """Several lines, never two empty ones in a row; raises `Invalid` when too long."""
    return _bounded(_EMPTY_LINES.sub("\n\n", strip_invisible(text)).strip(), most)


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise Invalid(
            "This is too long: %(length)s characters. The limit is %(most)s.",
            code="too_long",
            length=len(text),
            most=most,
        )
    return text
