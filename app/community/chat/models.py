"""Conversations, who takes part, and what was said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.platform.database import Model, UtcDateTime


class Conversation(Model):
    """`pair_key` holds the two people, and the listing if it is about one: one row for each."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    pair_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    listing_id: Mapped[str | None] = mapped_column(String(26), index=True)
    title: Mapped[str | None] = mapped_column(String(80))
    last_seq: Mapped[int] = mapped_column(default=0)
    last_change_seq: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)

    __table_args__ = (CheckConstraint("last_seq >= 0 AND last_change_seq >= 0", name="counts"),)


class Participant(Model):
    """A member of a conversation, and how far they have read."""

    __tablename__ = "conversation_participant"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    read_seq: Mapped[int] = mapped_column(default=0)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Message(Model):
    """`seq` counts 1, 2, 3 … in a conversation; a removed message keeps its row and number."""

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    seq: Mapped[int]
    change_seq: Mapped[int] = mapped_column(default=0)
    client_id: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "author_id", "client_id"),
        Index("ix_message_conversation_change", "conversation_id", "change_seq"),
    )
