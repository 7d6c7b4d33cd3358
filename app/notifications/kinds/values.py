"""What a member can be told of: each kind is one entry here.

Whoever has news adds its kind below and calls `inbox.service.notify` with its name. The sentences are
looked up in the catalogue where they are shown; `%(who)s` are the people. What it is about, `data["title"]`,
stands below them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


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


KINDS: Final[dict[str, Kind]] = {}


def _n(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


def _add(
    name: str,
    group: Group,
    icon: str,
    title: str,
    one: str,
    many: str | None = None,
    *,
    email: Pace = Pace.NOW,
    push: Pace = Pace.NOW,
    per_subject: bool = True,
) -> str:
    fixed = group is Group.SECURITY
    KINDS[name] = Kind(name, group, icon, title, one, many or one, email, push, fixed, per_subject)
    return name


VOUCH: Final = _add(
    "vouch",
    Group.PEOPLE,
    "heart-handshake",
    _n("Somebody vouches for me"),
    _n("%(who)s vouches for you"),
    _n("%(who)s vouch for you"),
    per_subject=False,
)
JOINED: Final = _add(
    "joined",
    Group.PEOPLE,
    "user-plus",
    _n("Somebody joins through my invitation"),
    _n("%(who)s joined through your invitation"),
    per_subject=False,
)
MESSAGE: Final = _add(
    "message",
    Group.CHAT,
    "message-circle",
    _n("A new message"),
    _n("%(who)s wrote to you"),
)
MESSAGE_REQUEST: Final = _add(
    "message_request",
    Group.CHAT,
    "inbox",
    _n("A message from outside my circle"),
    _n("%(who)s would like to write to you"),
    per_subject=False,
    email=Pace.DAILY,
    push=Pace.OFF,
)
MENTION: Final = _add(
    "mention",
    Group.CHAT,
    "megaphone",
    _n("Somebody mentions me"),
    _n("%(who)s mentioned you"),
)
RECOMMENDATION: Final = _add(
    "recommendation",
    Group.WORDS,
    "thumbs-up",
    _n("News about a thing that I added"),
    _n("%(who)s said what they think of a thing that you added"),
    email=Pace.WEEKLY,
    push=Pace.OFF,
)
COMMENT: Final = _add(
    "comment",
    Group.WORDS,
    "message-circle",
    _n("A comment on what I wrote"),
    _n("%(who)s commented on what you wrote"),
    email=Pace.DAILY,
)
HELPFUL: Final = _add(
    "helpful",
    Group.WORDS,
    "heart",
    _n("Somebody finds what I wrote helpful"),
    _n("%(who)s finds what you wrote helpful"),
    _n("%(who)s find what you wrote helpful"),
    email=Pace.WEEKLY,
    push=Pace.OFF,
)
ASK: Final = _add(
    "ask",
    Group.WORDS,
    "search",
    _n("Somebody in my circle asks"),
    _n("%(who)s asks you something"),
    email=Pace.DAILY,
    push=Pace.OFF,
)
ANSWER: Final = _add(
    "answer",
    Group.WORDS,
    "sparkles",
    _n("An answer to what I asked"),
    _n("%(who)s answered your question"),
)
THANKS: Final = _add(
    "thanks",
    Group.WORDS,
    "heart",
    _n("My answer helped"),
    _n("Your answer helped %(who)s"),
    email=Pace.DAILY,
)
TESTIMONIAL: Final = _add(
    "testimonial",
    Group.WORDS,
    "store",
    _n("A merchant asks to quote me, or answers"),
    _n("%(who)s writes to you about quoting your words"),
    email=Pace.DAILY,
)
PURCHASE: Final = _add(
    "purchase",
    Group.MARKET,
    "shopping-bag",
    _n("A store asks whether I bought something"),
    _n("%(who)s asks whether you bought something"),
    email=Pace.DAILY,
)
SAVED_SEARCH: Final = _add(
    "saved_search",
    Group.MARKET,
    "bookmark",
    _n("News for a saved search"),
    _n("There is something new for a search of yours"),
)
REPORT_DECIDED: Final = _add(
    "report_decided",
    Group.ORDER,
    "flag",
    _n("A moderator looked at what I reported"),
    _n("A moderator has looked at what you reported"),
    email=Pace.DAILY,
    push=Pace.OFF,
    per_subject=True,
)
MODERATED: Final = _add(
    "moderated",
    Group.ORDER,
    "shield",
    _n("A moderator decided about something of mine"),
    _n("A moderator has decided about something of yours"),
)
RING: Final = _add(
    "ring",
    Group.ORDER,
    "triangle-alert",
    _n("Accounts that look like a ring (for moderators)"),
    _n("Some accounts look like a ring"),
    email=Pace.DAILY,
    push=Pace.OFF,
)
SIGNED_IN: Final = _add(
    "signed_in",
    Group.SECURITY,
    "log-in",
    _n("A sign-in from a new device"),
    _n("Your account was opened on a new device"),
)
PASSWORD_CHANGED: Final = _add(
    "password_changed",
    Group.SECURITY,
    "lock",
    _n("My password was changed"),
    _n("Your password was changed"),
)
EMAIL_CHANGED: Final = _add(
    "email_changed",
    Group.SECURITY,
    "key-round",
    _n("My e-mail address was changed"),
    _n("Your e-mail address was changed"),
)
TOKEN_MADE: Final = _add(
    "token_made",
    Group.SECURITY,
    "key-round",
    _n("A new API token was made"),
    _n("A new API token was made"),
)

SOMETHING: Final = Kind(
    "something",
    Group.ORDER,
    "bell",
    _n("Something new"),
    _n("Something new"),
    _n("Something new"),
    Pace.OFF,
    Pace.OFF,
    fixed=False,
    per_subject=True,
)


def kind_named(name: str) -> Kind:
    """The kind; what is not known any more still has a line in the inbox."""
    return KINDS.get(name, SOMETHING)
