"""Members, roles and API tokens."""

from __future__ import annotations

from datetime import datetime

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Index, String, Table, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import clock
from app.kernel.ids import MemberId, PhotoId
from app.people.accounts.passwords import reading_that_opens, renew_hash
from app.platform.database import LETS_IN, Model, UtcDateTime, db

member_role = Table(
    "member_role",
    db.metadata,
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Role(Model, RoleMixin):
    """member, merchant, moderator or operator."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30), unique=True)
    description: Mapped[str | None]
    permissions: Mapped[str | None]  # type: ignore[assignment] # a text column holds it


class Member(Model, UserMixin):
    """An account and its public face in one row; the id is the node in the trust graph."""

    __tablename__ = "member"

    id: Mapped[MemberId] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(30), unique=True)
    # Of a handle that its bearer chose, without underscores: of two who choose at once, one is first.
    chosen_letters: Mapped[str | None] = mapped_column(String(30), unique=True, index=True)
    name: Mapped[str] = mapped_column(String(80))
    bio: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(String(80), default="")
    # Without a foreign key, for photos have owners; `info` says where it points.
    avatar_id: Mapped[PhotoId | None] = mapped_column(String(26), info={"points_at": "photo"})
    # A member may ask not to be named as the middle link of a path.
    discreet: Mapped[bool] = mapped_column(default=False)
    # Trust from the operator's seeds reaches the member; kept here by the trust wing, shown with the face.
    certified: Mapped[bool] = mapped_column(default=False, server_default="0")
    email: Mapped[str | None] = mapped_column(  # type: ignore[assignment] # imported ones have none
        String(255), unique=True
    )
    # Given, but not shown to be the member's own: only its confirmation is mailed there.
    unconfirmed_email: Mapped[str | None] = mapped_column(String(255), index=True)
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    suspended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, info={LETS_IN: True})
    locale: Mapped[str | None] = mapped_column(String(12))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment] # of our own class
        secondary=member_role, lazy="select"
    )

    __table_args__ = (
        Index("ix_member_lower_name", func.lower(name)),
        # The few who may be hidden. By a sum, for SQLite takes no index where it has the number of a row.
        Index(
            "ix_member_hidden",
            sql("(id + 0)"),
            "active",
            "suspended_until",
            sqlite_where=sql("active IS 0 OR suspended_until IS NOT NULL"),
            postgresql_where=sql("active IS false OR suspended_until IS NOT NULL"),
        ),
    )

    @property
    def is_active(self) -> bool:
        """Whether the member may sign in: not erased, not suspended now."""
        until = self.suspended_until
        return self.active and (until is None or until <= clock.now())

    def verify_and_update_password(self, password: str) -> bool:
        """In any form that it may have been hashed in; the hash of another one is renewed."""
        reading = reading_that_opens(self.password, password)
        if reading is None:
            return False
        renew_hash(self, reading)
        return True


class ApiToken(Model):
    """A bearer token; only its SHA-256 is kept."""

    __tablename__ = "api_token"
    __table_args__ = ({"info": {LETS_IN: True}},)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class SigninLink(Model):
    """A one-time sign-in; only the SHA-256 of its code is kept."""

    __tablename__ = "signin_link"
    __table_args__ = ({"info": {LETS_IN: True}},)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MemberSession(Model):
    """One sign-in of one browser; only the SHA-256 of its key is kept. Without its row a cookie opens nothing."""

    __tablename__ = "member_session"
    __table_args__ = ({"info": {LETS_IN: True}},)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KnownDevice(Model):
    """A browser that has opened the account; only the SHA-256 of its cookie is kept, with the member's id."""

    __tablename__ = "known_device"
    __table_args__ = ({"info": {LETS_IN: True}},)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
