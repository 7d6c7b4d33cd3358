"""How a kind of notification looks, apart from the list of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """The ways by which a member is told."""

    PAGE = "page"
    EMAIL = "email"
    PUSH = "push"


class Pace(StrEnum):
    """How soon: at once, gathered, or not at all."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class Group(StrEnum):
    """The headings of the preferences."""

    PEOPLE = "people"
    CHAT = "chat"
    WORDS = "words"
    MARKET = "market"
    ORDER = "order"
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class Kind:
    """`one` and `many` are what one person, and several, have done; `title` stands in the preferences."""

    name: str
    group: Group
    icon: str
    title: str
    one: str
    many: str
    email: Pace
    push: Pace
    fixed: bool  # always told, on every channel, at once
    per_subject: bool  # what is told of different things is not folded into one line

    def default(self, channel: Channel) -> Pace:
        """What holds until the member chooses."""
        if self.fixed or channel is Channel.PAGE:
            return Pace.NOW
        return self.email if channel is Channel.EMAIL else self.push
