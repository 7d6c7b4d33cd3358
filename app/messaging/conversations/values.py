"""What the pages, the API and the sockets show of conversations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from app.kernel.ids import ConversationId, ListingId, MemberId, MessageId, PhotoId
from app.people.profiles.values import MemberCard

PRIVATE: Final = "private"
LISTING: Final = "listing"
GROUP: Final = "group"
ROOM: Final = "room"
PAIRS: Final = frozenset({PRIVATE, LISTING})

MAX_BODY_LENGTH: Final = 4000
MAX_TITLE_LENGTH: Final = 80
MAX_CLIENT_ID_LENGTH: Final = 64
MAX_ID_LENGTH: Final = 26
MAX_MEMBERS: Final = 50
MAX_PHOTOS: Final = 6
MAX_MENTIONS: Final = 20
CATCH_UP: Final = 200  # messages in one answer to a join
EDITABLE: Final = timedelta(hours=48)
EMOJI: Final = ("👍", "❤️", "😂", "😮", "😢", "🙏", "🎉", "👀")
# Client ids that begin so belong to the house: a card is told once, however often its cause is read.
CARD_PREFIX: Final = "kinmarket-card:"


class Role(StrEnum):
    """What somebody is in a group or a room."""

    OWNER = "owner"
    MEMBER = "member"


class ParticipantStatus(StrEnum):
    """Whether somebody wants to be in a conversation."""

    INSIDE = "inside"
    REQUEST = "request"  # somebody from outside the circle wrote first; nothing is told until accepted
    DECLINED = "declined"
    BANNED = "banned"  # sent away from a room


class CardKind(StrEnum):
    """What the house itself says in a conversation."""

    OFFER_MADE = "offer_made"
    PROMISED = "promised"
    SOLD = "sold"
    WITHDRAWN = "withdrawn"
    OFFER_STEP = "offer_step"
    ORDER_STEP = "order_step"
    VOUCHER = "voucher"
    REVIEW_DUE = "review_due"
    STARTED = "started"
    JOINED = "joined"
    LEFT = "left"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message has its place, for good; `created` is false when it stood already."""

    id: MessageId
    seq: int
    created: bool
    held: bool = False


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A picture in a message."""

    id: PhotoId
    width: int
    height: int

    @property
    def url(self) -> str:
        return f"/media/{self.id}/card.webp"

    @property
    def full_url(self) -> str:
        return f"/media/{self.id}/full.webp"


@dataclass(frozen=True, slots=True)
class ReactionView:
    """One sign, and who gave it."""

    emoji: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplyView:
    """The beginning of what a message answers."""

    seq: int
    author: str
    excerpt: str
    author_id: MemberId


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as the reader may see it; a deleted one has no body, a held one only for its author."""

    id: MessageId
    conversation_id: ConversationId
    seq: int
    change_seq: int
    client_id: str
    author_id: MemberId
    author: str
    body: str
    html: str
    at: datetime
    edited_at: datetime | None
    deleted: bool
    held: bool = False
    hidden: bool = False  # its author is blocked by the reader
    card: Mapping[str, Any] | None = None
    reply: ReplyView | None = None
    photos: tuple[PhotoView, ...] = ()
    reactions: tuple[ReactionView, ...] = ()
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation in the member's list."""

    id: ConversationId
    kind: str
    title: str | None
    listing_id: ListingId | None
    last_at: datetime
    last_seq: int
    unread: int
    other_ids: tuple[MemberId, ...]
    last_author_id: MemberId | None
    last_text: str
    muted: bool = False
    standing: str = ParticipantStatus.INSIDE
    people: int = 2
    card: str | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody in a conversation, as the reader may see them."""

    card: MemberCard
    role: str
    standing: str
    read_seq: int
    gone: bool = False
    blocked: bool = False  # one of the two blocks the other
    seen_at: datetime | None = None  # None also when they don't want it to be shown


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation that the member takes part in."""

    id: ConversationId
    kind: str
    title: str | None
    listing_id: ListingId | None
    last_seq: int
    last_change_seq: int
    read_seq: int
    first_unread: int | None = None  # the number of the first message that waits to be read
    others: tuple[PersonView, ...] = ()  # of a room nobody: it may have thousands
    standing: str = ParticipantStatus.INSIDE
    role: str = Role.MEMBER
    muted: bool = False
    about: str = ""
    place: str = ""
    people: int = 2

    @property
    def pair(self) -> bool:
        return self.kind in PAIRS

    @property
    def other_ids(self) -> tuple[MemberId, ...]:
        return tuple(one.card.id for one in self.others)

    @property
    def blocked(self) -> bool:
        return self.pair and any(one.blocked for one in self.others)

    @property
    def waiting(self) -> bool:
        """Nobody has accepted it yet."""
        return self.kind != ROOM and not any(one.standing == ParticipantStatus.INSIDE for one in self.others)

    @property
    def in_touch(self) -> bool:
        """Both of the two want to talk: only then does one see when the other is here."""
        return self.pair and self.standing == ParticipantStatus.INSIDE and not (self.waiting or self.blocked)


@dataclass(frozen=True, slots=True)
class EditView:
    """What a message said before it was changed."""

    body: str
    html: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A message that a search has found."""

    message: MessageView
    conversation: ConversationRow


def room_of(conversation_id: ConversationId) -> str:
    """The realtime room of a conversation."""
    return f"conversation:{conversation_id}"


def own_room_of(conversation_id: ConversationId, member_id: MemberId) -> str:
    """The sockets of one member that hear the conversation: what is told there, only they may read."""
    return f"reader:{conversation_id}:{member_id}"
