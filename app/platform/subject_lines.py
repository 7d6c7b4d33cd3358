"""The subject of a mail: people's names are in it, and a name can be written to look like news of its own."""

from __future__ import annotations

import re
from typing import Final

from app.platform.markup import strip_invisible

_SPACES = re.compile(r"\s+")
# With a scheme, or as mail programs complete it.
_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,20}:/|\bwww[.。．｡])\S*", re.IGNORECASE)
# A bare domain stays as words: “Dr.Müller” is one too, and without its dots nothing makes a link of it.
_DOMAIN = re.compile(r"(?:[\w-]+[.。．｡])+(?:[^\W\d_]{2,}|xn--[\w-]+)(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_ENCODED = re.compile(r"=\s*\?")
_DOTS = re.compile(r"[.。．｡]")
_REST = re.compile(r"(?::\d+)?[/?#].*$")
NOTHING_LEFT: Final = "Kinmarket"


def subject_line(text: str) -> str:
    """One line without web addresses.

    >>> subject_line("Win at https://evil.example/x and evil.example/y vouches for you")
    'Win at and evil example vouches for you'
    """
    # An encoded word would be decoded on the way into the header, with whatever line breaks are in it.
    line = _ADDRESS.sub(" ", _ENCODED.sub("= ?", strip_invisible(text)))
    line = _DOMAIN.sub(lambda found: _DOTS.sub(" ", _REST.sub("", found[0])), line)
    return _SPACES.sub(" ", line).strip() or NOTHING_LEFT
