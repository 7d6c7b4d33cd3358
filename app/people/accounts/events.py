"""What happens to accounts."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Event):
    """Somebody became a member, perhaps through an invitation."""

    member_id: MemberId
    inviter_id: MemberId | None = None


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Event):
    """A member was given a further role; who joins with one has it from the start."""

    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MemberSuspended(Event):
    """The member may not act or sign in for now; sessions and sockets end."""

    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MemberReinstated(Event):
    """The suspension was lifted."""

    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MemberErased(Event):
    """The account was deleted at the member's wish; what remains names nobody."""

    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class SignedOut(Event):
    """The member left, or changed the password: sockets must prove themselves again."""

    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class TokensRevoked(Event):
    """The member's API tokens count no longer."""

    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class SignedInAnew(Event):
    """The account was opened on a device that had not opened it before."""

    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """By the member, or by the link for a forgotten one."""

    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class EmailChanged(Event):
    """The account has another address, which has shown that it is the member's."""

    member_id: MemberId


@dataclass(frozen=True, kw_only=True)
class TokenMade(Event):
    """The member made a new API token on the site."""

    member_id: MemberId
