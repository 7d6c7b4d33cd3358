"""Conversations and messages, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from app.kernel.bounds import MAX_WHOLE, whole
from app.kernel.errors import Invalid
from app.messaging.conversations.values import EMOJI, GROUP, LISTING, MAX_CLIENT_ID_LENGTH, PRIVATE, ROOM, CardKind
from app.web.schemas import (
    Answer,
    Body,
    Files,
    Filter,
    Handle,
    Id,
    MaybeText,
    Moment,
    Otherwise,
    Page,
    Paging,
    Upload,
    Words,
    documented,
    one_of,
)

KIND = one_of(PRIVATE, LISTING, GROUP, ROOM)
MEMBERS = Otherwise("“members” must be a list of handles.")
BODY = Otherwise("“body” must be a text.")


def _number(name: str) -> BeforeValidator:
    def read(value: Any) -> Any:
        if value is None:
            return None
        try:
            number = whole(str(value))
            if number < 0:
                raise ValueError(value)
        except ValueError as problem:
            raise Invalid("“%(name)s” must be a number.", code="bad_number", name=name) from problem
        return number

    return BeforeValidator(read)


def _plain(ids: list[str] | None) -> list[str] | None:
    if not all(one.isalnum() for one in ids or ()):
        raise ValueError("an id has letters and digits")
    return ids


def _none_is_empty(value: Any) -> Any:
    return value or []


class ConversationsQuery(Paging):
    """All, or those with something unread."""

    unread: Annotated[Filter, documented(enum=["0", "1"])] = None


class MessagesQuery(Paging):
    """What was said after a number, or changed after one."""

    after_seq: Annotated[int | None, _number("after_seq"), documented("integer", minimum=0)] = None
    after_change: Annotated[int | None, _number("after_change"), documented("integer", minimum=0)] = None


class MessageSearch(Paging):
    """Words, and where to look for them."""

    q: Words = ""
    conversation: Filter = None


class ConversationBody(Body):
    """With whom, and about which listing."""

    members: Annotated[list[Handle], MEMBERS]
    listing: MaybeText = None
    title: MaybeText = None


class MessageBody(Body):
    """What is to be said. The same `client_id` again is the same message."""

    body: Annotated[str, BODY]
    client_id: Annotated[MaybeText, documented(maxLength=MAX_CLIENT_ID_LENGTH)] = None
    reply_to: Annotated[
        int | None,
        Field(ge=1, le=MAX_WHOLE),
        Otherwise("“%(name)s” must be a number.", "bad_number"),
    ] = None
    photos: Annotated[
        list[str],
        BeforeValidator(_none_is_empty),
        AfterValidator(_plain),
        Otherwise("“%(name)s” must be a list of ids."),
    ] = Field(default_factory=list)


class EditBody(Body):
    """What it is to say instead."""

    body: Annotated[str, BODY]


class MutedBody(Body):
    """Whether nothing is to be told of it."""

    muted: Annotated[Any, documented("boolean")] = False


class MessagePhotos(Upload):
    """Pictures for a message."""

    photos: Files = Field(default_factory=list)


class Photos(Answer):
    """What a message may name in `photos`."""

    photos: list[Id]


class Opened(Answer):
    """A conversation, new or found."""

    id: Id
    kind: Annotated[str, KIND]
    title: str | None
    listing: Id | None
    members: list[Handle]
    seq: int
    change_seq: int


class Conversation(Answer):
    """A conversation as lists show it."""

    id: Id
    kind: Annotated[str, KIND]
    title: str | None
    listing: Id | None
    members: Annotated[list[Handle], Field(description="The others.")]
    seq: int
    unread: int
    request: Annotated[bool, Field(description="Somebody from outside the circle wants to talk.")]
    muted: bool
    last_at: Moment
    excerpt: str


class CardSubject(Answer):
    """The listing, offer or order that a card speaks of."""

    kind: str
    id: Id


class Card(Answer):
    """What the house itself says in a conversation."""

    kind: Annotated[str, one_of(CardKind)]
    data: dict[str, Any]
    subject: CardSubject | None = None


class Reply(Answer):
    """The message that another one answers."""

    seq: int
    author: Handle | None
    excerpt: str


class MessagePhoto(Answer):
    """A picture in a message."""

    id: Id
    url: str
    full_url: str
    width: int
    height: int


class Reaction(Answer):
    """One sign, and who gave it."""

    emoji: Annotated[str, one_of(EMOJI)]
    members: list[Handle]


class Message(Answer):
    """A message. In one conversation `seq` is 1, 2, 3 … without a gap; `change_seq` grows with every change."""

    conversation: Id
    id: Id
    seq: int
    change_seq: int
    client_id: str
    author: Handle | None
    body: str
    html: str
    at: Moment
    edited_at: Moment | None
    deleted: bool
    held: bool
    hidden: bool
    card: Card | None
    reply_to: Reply | None
    photos: list[MessagePhoto]
    reactions: list[Reaction]
    signs: list[str]


class Messages(Page[Message]):
    """Some messages, and how far the conversation has come."""

    seq: int
    change_seq: int


class Edit(Answer):
    """What a message said before."""

    body: str
    at: Moment
