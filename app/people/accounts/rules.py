"""Which handles there may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum

from app.kernel.ids import MemberId
from app.kernel.look_alikes import drawn_in_latin, mixes_alphabets

_HANDLE = re.compile(r"[a-z0-9_]{2,30}")
_IMPORTED = re.compile(r"u[0-9]+")
_LOOKS_IMPORTED = re.compile(r"_*u[_0-9]*[0-9]_*")
_ERASED = "gone_"
_RESERVED = frozenset(
    {
        "about",
        "abuse",
        "account",
        "admin",
        "administrator",
        "anonymous",
        "api",
        "app",
        "community",
        "contact",
        "deleted",
        "everyone",
        "feed",
        "guest",
        "help",
        "home",
        "imprint",
        "info",
        "inbox",
        "invite",
        "items",
        "kinmarket",
        "legal",
        "login",
        "logout",
        "mail",
        "market",
        "me",
        "media",
        "member",
        "members",
        "merchant",
        "messages",
        "mod",
        "moderation",
        "moderator",
        "moderators",
        "null",
        "nobody",
        "official",
        "operator",
        "owner",
        "privacy",
        "profile",
        "register",
        "report",
        "reports",
        "root",
        "safety",
        "search",
        "security",
        "settings",
        "signin",
        "signup",
        "someone",
        "staff",
        "static",
        "status",
        "store",
        "stores",
        "support",
        "system",
        "team",
        "terms",
        "trust",
        "undefined",
        "webmaster",
        "www",
        "you",
    }
)

# Of these no handle and no name is made, whatever number or article they have: somebody would believe it.
_HOUSE = frozenset(
    {
        *("admin", "administrator", "help", "kinmarket", "moderator", "moderators", "official", "operator"),
        *("security", "staff", "support", "team"),
    }
)
# As small letters they look the same.
_LIKE = {
    "a": "[a4]",
    "e": "[e3]",
    "i": "[i1]",
    "l": "[l1]",
    "m": "(?:m|rn)",
    "o": "[o0]",
    "s": "[s5]",
    "t": "[t7]",
    "w": "(?:w|vv)",
}


def _dressed(words: Iterable[str]) -> str:
    """The words in whatever look-alikes and underscores."""
    return "|".join("_*".join(_LIKE.get(letter, letter) for letter in word) for word in sorted(words))


# Shorter ones look like too much that is nobody's: `m3` is not `me`.
_TELLING = 4
_LOOKS_RESERVED = re.compile(rf"_*(?:{_dressed(word for word in _RESERVED if len(word) >= _TELLING)})_*")
_LOOKS_ERASED = re.compile(rf"_*(?:{_dressed(['gone'])})[_0-9]*[0-9]_*")
_OF_THE_HOUSE = re.compile(rf"_*(?:the_*)?(?:(?:{_dressed(_HOUSE)})_*)+[0-9_]*")


_SUGGESTED = 24  # letters of a handle that is made of a name: a number has still room
# Letters that no decomposition makes Latin ones.
_SPELLED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ı": "i", "ħ": "h"})


class HandleFault(Enum):
    """Why a handle cannot be taken."""

    FORM = "form"
    IMPORTED = "imported"
    RESERVED = "reserved"


def tidy_handle(text: str) -> str:
    """What people type for a handle: the at sign and capitals don't count."""
    return text.strip().removeprefix("@").lower()


def handle_fault(handle: str) -> HandleFault | None:
    """None when an account may have this handle.

    >>> handle_fault("ana"), handle_fault("u17"), handle_fault("Ana Maria")
    (None, <HandleFault.IMPORTED: 'imported'>, <HandleFault.FORM: 'form'>)
    """
    if not _HANDLE.fullmatch(handle):
        return HandleFault.FORM
    if _IMPORTED.fullmatch(handle):
        return HandleFault.IMPORTED
    if handle in _RESERVED or handle.startswith(_ERASED) or not handle.strip("_"):
        return HandleFault.RESERVED
    return None


def chosen_handle_fault(handle: str) -> HandleFault | None:
    """Find the fault of a handle that somebody who joins has chosen.

    Nobody chooses what others would take for the house or for an import.

    >>> chosen_handle_fault("adm1n"), chosen_handle_fault("u_17"), chosen_handle_fault("m3")
    (<HandleFault.RESERVED: 'reserved'>, <HandleFault.IMPORTED: 'imported'>, None)
    """
    if (fault := handle_fault(handle)) is not None:
        return fault
    if _LOOKS_IMPORTED.fullmatch(handle):
        return HandleFault.IMPORTED
    looks = (_LOOKS_RESERVED, _LOOKS_ERASED, _OF_THE_HOUSE)
    return HandleFault.RESERVED if any(one.fullmatch(handle) for one in looks) else None


def poses_as_house(name: str) -> bool:
    """Whether a name says that its bearer speaks for the community, in whatever alphabet's letters.

    >>> poses_as_house("Kinmarket Support"), poses_as_house("Кinmаrket"), poses_as_house("Tea Moderator")
    (True, True, False)
    """
    return _OF_THE_HOUSE.fullmatch(re.sub(r"[\W_]+", "_", drawn_in_latin(name))) is not None


def handle_from(name: str) -> str:
    """A handle such as somebody of this name would choose; empty where the name has no Latin letters.

    >>> handle_from("Zoë Ødegård-Smith"), handle_from("林美玲"), handle_from("Straße 7")
    ('zoeodegardsmith', '', 'strasse7')
    """
    spelled = unicodedata.normalize("NFKD", name.casefold()).translate(_SPELLED)
    letters = re.sub(r"[^a-z0-9]", "", spelled)[:_SUGGESTED]
    return letters if _HANDLE.fullmatch(letters) else ""


def handle_letters(handle: str) -> str:
    """What tells handles apart for whoever hears them: `bob_smith` and `bobsmith` are one."""
    return handle.replace("_", "")


def handles_drawn(name: str) -> frozenset[str]:
    """The letters of handles that a name of two alphabets looks like; a name of one looks like none.

    >>> sorted(handles_drawn("Bоb Smith")), sorted(handles_drawn("Боб"))
    (['bob', 'bobsmith'], [])
    """
    mixed = [word for word in re.findall(r"\w+", name) if mixes_alphabets(word)]
    if not mixed:
        return frozenset()
    return frozenset(re.sub(r"[\W_]+", "", drawn_in_latin(part)) for part in (name, *mixed))


def erased_handle(member_id: MemberId) -> str:
    """The handle that is left of an erased account."""
    return f"{_ERASED}{member_id}"
