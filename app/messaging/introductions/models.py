"""Requests for an introduction, and the people they pass through."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import ConversationId, IntroductionId, MemberId, new_id
from app.messaging.introductions.values import MAX_NOTE_LENGTH, MAX_WORD_LENGTH
from app.platform.database import Model, UtcDateTime

_OPEN = text("state = 'open'")


class Introduction(Model):
    """`place` is whose turn it is: the number of a hop."""

    __tablename__ = "introduction"

    id: Mapped[IntroductionId] = mapped_column(String(26), primary_key=True, default=new_id)
    asker_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    target_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(String(MAX_NOTE_LENGTH))
    state: Mapped[str] = mapped_column(String(10))
    place: Mapped[int] = mapped_column(default=1)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    thanked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    conversation_id: Mapped[ConversationId | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )

    __table_args__ = (
        # One at a time between two people.
        Index("uq_introduction_open", "asker_id", "target_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_introduction_asker_id_id", "asker_id", "id"),
        Index("ix_introduction_open_until", "until", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


class IntroductionHop(Model):
    """One of those it passes through; the last is who it is for."""

    __tablename__ = "introduction_hop"

    introduction_id: Mapped[IntroductionId] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10))
    word: Mapped[str] = mapped_column(String(MAX_WORD_LENGTH), default="")
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_introduction_hop_member_id_state", "member_id", "state"),)
