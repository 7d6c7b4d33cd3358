"""Whom a member does not want to read of, whom not now, and who wants to be suggested."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.platform.database import Model, UtcDateTime


class MutedMember(Model):
    """The member's feed leaves the other's things out; the other does not learn of it."""

    __tablename__ = "muted_member"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    muted_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (CheckConstraint("member_id <> muted_id", name="not_self"),)


class PutOffMember(Model):
    """“Not now”: the other is not suggested to the member for a while."""

    __tablename__ = "put_off_member"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    other_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (CheckConstraint("member_id <> other_id", name="not_self"),)


class SuggestionWish(Model):
    """Whether the member may be suggested to others; without a row: unless discreet."""

    __tablename__ = "suggestion_wish"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    allowed: Mapped[bool]
