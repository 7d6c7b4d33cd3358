"""Which handles there may be."""

from __future__ import annotations

import re
from enum import Enum

_HANDLE = re.compile(r"[a-z0-9_]{2,30}")
_IMPORTED = re.compile(r"u[0-9]+")
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


class HandleFault(Enum):
    """Why a handle cannot be taken."""

    FORM = "form"
    IMPORTED = "imported"
    RESERVED = "reserved"


def tidy_handle(text: str) -> str:
    """What people type for a handle: the at sign and capitals don't count."""
    return text.strip().removeprefix("@").lower()


def handle_fault(handle: str) -> HandleFault | None:
    """None when a person may choose this handle.

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


def erased_handle(member_id: int) -> str:
    """The handle that is left of an erased account."""
    return f"{_ERASED}{member_id}"
