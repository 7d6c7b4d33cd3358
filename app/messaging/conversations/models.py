"""Conversations, who takes part, and what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import ConversationId, ListingId, MemberId, MessageId, PhotoId
from app.messaging.conversations.values import MAX_TITLE_LENGTH, ParticipantStatus, Role
from app.platform.database import BigId, Json, Model, UtcDateTime


class Conversation(Model):
    """`pair_key` holds the two people, and the listing if it is about one: one row for each."""

    __tablename__ = "conversation"

    id: Mapped[ConversationId] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), index=True)
    pair_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    listing_id: Mapped[ListingId | None] = mapped_column(String(26), index=True)
    title: Mapped[str | None] = mapped_column(String(MAX_TITLE_LENGTH))
    # Of open rooms: what it is about, where, and both with the title as they are searched.
    about: Mapped[str] = mapped_column(default="", server_default="")
    place: Mapped[str] = mapped_column(String(80), default="", server_default="")
    search_key: Mapped[str] = mapped_column(default="", server_default="")
    last_seq: Mapped[int] = mapped_column(default=0)
    last_change_seq: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)

    __table_args__ = (CheckConstraint("last_seq >= 0 AND last_change_seq >= 0", name="counts"),)


class Participant(Model):
    """A member of a conversation, how far they have read, and whether they want to be there."""

    __tablename__ = "conversation_participant"

    conversation_id: Mapped[ConversationId] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    # How far they have read: up to this message, and of those that a moderator let through later, up to
    # this change. What of it is unread is said in `unread.py`.
    read_seq: Mapped[int] = mapped_column(default=0)
    read_change: Mapped[int] = mapped_column(default=0, server_default="0")
    # Since when they are inside without a break.
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    role: Mapped[str] = mapped_column(String(10), default=Role.MEMBER, server_default=Role.MEMBER.value)
    standing: Mapped[str] = mapped_column(
        String(10), default=ParticipantStatus.INSIDE, server_default=ParticipantStatus.INSIDE.value
    )
    muted: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Message(Model):
    """`seq` counts 1, 2, 3 … in a conversation; a removed message keeps its row and number."""

    __tablename__ = "message"

    id: Mapped[MessageId] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[ConversationId] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    seq: Mapped[int]
    change_seq: Mapped[int] = mapped_column(default=0)
    client_id: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    body: Mapped[str]
    # The body as it is searched: without case and accents.
    folded: Mapped[str] = mapped_column(default="", server_default="")
    # Of a system card: what happened, to what, with which figures. Never names or texts.
    card: Mapped[dict[str, Any] | None] = mapped_column(Json)
    # It has its place, but is no news: somebody came, went or gave a name.
    quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    reply_seq: Mapped[int | None]
    # Which signs of fraud the rules saw when it was said.
    signs: Mapped[list[str] | None] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Only its author reads it until a moderator has looked.
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    # Where a moderator has let it through: the change with which the others could read it.
    freed_change: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "author_id", "client_id"),
        # One number for each change: who asks for what came after a number misses nothing.
        Index(
            "ix_message_conversation_change",
            "conversation_id",
            "change_seq",
            unique=True,
            sqlite_where=text("change_seq > 0"),
            postgresql_where=text("change_seq > 0"),
        ),
        Index(
            "ix_message_conversation_freed",
            "conversation_id",
            "freed_change",
            sqlite_where=text("freed_change IS NOT NULL"),
            postgresql_where=text("freed_change IS NOT NULL"),
        ),
    )


class MessageEdit(Model):
    """What a message said before; whoever takes part may read it."""

    __tablename__ = "message_edit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    message_id: Mapped[MessageId] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MessageReaction(Model):
    """One of a few signs by a member; the key keeps it from counting twice."""

    __tablename__ = "message_reaction"

    message_id: Mapped[MessageId] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    emoji: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class MessagePhoto(Model):
    """A picture in a message, in its place."""

    __tablename__ = "message_photo"

    message_id: Mapped[MessageId] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    photo_id: Mapped[PhotoId] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), index=True)
