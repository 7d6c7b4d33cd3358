"""Where things are to be seen, and which thing a page shows."""

from __future__ import annotations

import re
from typing import Final

from app.kernel.subjects import Subject

# A thing's kind, and where its page is; the other way round as well.
PLACES: Final = {
    "conversation": "/messages/{}",
    "listing": "/market/{}",
    "item": "/items/{}",
    "ask": "/asks/{}",
    "recommendation": "/recommendations/{}",
    "saved_search": "/search/saved/{}",
    "account": "/settings/account",
}
MINE: Final = "mine"  # the id of what there is one of for each member
HANDLE: Final = "handle"  # a member, named by the address of the page

_PAGE = re.compile(r"/([a-z]+(?:/saved)?)/([0-9a-z_]{1,40})(?:/.*)?")
_KINDS: Final = {
    place.removesuffix("/{}").removeprefix("/"): kind for kind, place in PLACES.items() if place.endswith("/{}")
}
MAX_KEY_LENGTH: Final = 80


def place_of(subject: Subject) -> str | None:
    """The path of the thing's page.

    >>> place_of(Subject("conversation", "01j"))
    '/messages/01j'
    """
    place = PLACES.get(subject.kind)
    return place.format(subject.id) if place else None


def subject_of(path: str) -> Subject | None:
    """What the page at this path shows.

    >>> str(subject_of("/market/01j")), str(subject_of("/m/ana")), subject_of("/market/new/x/y")
    ('listing:01j', 'handle:ana', Subject(kind='listing', id='new'))
    """
    if path.startswith(PLACES["account"]):
        return Subject("account", MINE)
    found = _PAGE.fullmatch(path)
    if found is None:
        return None
    wing, ident = found[1], found[2]
    if wing == "m":
        return Subject(HANDLE, ident)
    return Subject(_KINDS[wing], ident) if wing in _KINDS else None


def own_path(url: object) -> str | None:
    """A path of this site, never another host's."""
    if isinstance(url, str) and url.startswith("/") and not url.startswith(("//", "/\\")):
        return url
    return None
