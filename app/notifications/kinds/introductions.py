"""Kinds of news about introductions."""

from __future__ import annotations

from typing import Final

from app.kernel.errors import N_
from app.notifications.kinds.values import Group, Pace, add_kind, plural

INTRODUCTION: Final = add_kind(
    "introduction",
    Group.PEOPLE,
    "handshake",
    N_("Requests for an introduction"),
    plural("You’re asked for an introduction", "You’re asked for an introduction"),
)
INTRODUCED: Final = add_kind(
    "introduced",
    Group.PEOPLE,
    "handshake",
    N_("My introductions"),
    plural("You and %(who)s were introduced", "You and %(who)s were introduced"),
)
INTRODUCTION_THANKS: Final = add_kind(
    "introduction_thanks",
    Group.PEOPLE,
    "heart",
    N_("Thanks for introductions"),
    plural("%(who)s thanks you for an introduction", "%(who)s thank you for introductions"),
    email=Pace.DAILY,
)
