"""What opens an account, and which event ends what of it: one table, one function."""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import Enum
from typing import Final, Protocol

from flask import Flask
from sqlalchemy import delete, select, update

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.people.accounts.events import SignedOut, TokensRevoked
from app.people.accounts.models import ApiToken, KnownDevice, Member, MemberSession, SigninLink
from app.people.accounts.queries import SESSION_MARK, digest_of
from app.platform.database import db, unit_of_work
from app.platform.slots import Slot

SESSION_LIFE: Final = timedelta(days=365)  # as long as Flask-Login's cookie remembers


class Credential(Enum):
    """Whoever holds one of these can act for the member, or hear what the member hears.

    A session is the browser's cookie, every copy of it, its remember-me cookie and its sockets.
    """

    THIS_SESSION = "this session"
    OTHER_SESSIONS = "other sessions"
    MAILED_LINKS = "links to a new password or address"
    SIGNIN_LINKS = "sign-in links"
    API_TOKENS = "API tokens, and their sockets"
    KNOWN_DEVICES = "devices that are known"
    ALERTS = "alerts of other browsers"


class Why(Enum):
    """What happens to an account."""

    SIGN_OUT = "sign-out"
    SIGN_OUT_EVERYWHERE = "sign-out everywhere"
    PASSWORD_CHANGE = "password change"  # noqa: S105 - no password
    PASSWORD_RESET = "password reset"  # noqa: S105 - no password
    EMAIL_CHANGE = "e-mail change"
    TOKENS_REVOKED = "tokens revoked"
    STAFF_ROLE = "a role of the staff"
    SUSPENSION = "suspension"
    ERASURE = "erasure"


_C = Credential
_SESSIONS: Final = frozenset({_C.THIS_SESSION, _C.OTHER_SESSIONS})
# Who has a new password had a reason: all that was given out under the old one ends.
_EVERYTHING: Final = frozenset(Credential)
ENDS: Final[dict[Why, frozenset[Credential]]] = {
    Why.SIGN_OUT: frozenset({_C.THIS_SESSION}),
    # Programs go on: they are no browser that was left somewhere, and have a button of their own.
    Why.SIGN_OUT_EVERYWHERE: _EVERYTHING - {_C.API_TOKENS},
    Why.PASSWORD_CHANGE: _EVERYTHING,
    Why.PASSWORD_RESET: _EVERYTHING,
    # What lies in the old mailbox opens nothing any more.
    Why.EMAIL_CHANGE: frozenset({_C.MAILED_LINKS, _C.SIGNIN_LINKS}),
    Why.TOKENS_REVOKED: frozenset({_C.API_TOKENS}),
    # Nothing that was given out to a plain member shall act as staff.
    Why.STAFF_ROLE: _SESSIONS | {_C.MAILED_LINKS, _C.SIGNIN_LINKS, _C.API_TOKENS},
    # The browsers still hear of what is decided about the member, and of nothing else.
    Why.SUSPENSION: _EVERYTHING - {_C.ALERTS},
    Why.ERASURE: _EVERYTHING,
}


class Alerts(Protocol):
    """Browsers that are told of news even when nobody looks; sessions are named by their digests."""

    def end(self, member_id: MemberId, *, only: str | None = None, but: str | None = None) -> None:
        """Those that were turned on in a session, or all of the member (but those of one)."""

    def move(self, session: str, to: str) -> None:
        """The session goes on under another name."""


_ALERTS: Slot[list[Alerts]] = Slot("alerts", list)


def set_alerts(app: Flask, alerts: Alerts) -> None:
    """The composition root says how alerts end."""
    _ALERTS.on(app)[:] = [alerts]


def end_credentials(member_id: MemberId, why: Why, *, session: str | None = None) -> frozenset[Credential]:
    """End what `why` ends, within the caller's unit of work; answers what that is.

    `session` is the key of the session that acts, where one does.
    """
    ends = ENDS[why]
    with unit_of_work() as work:
        older = session is not None and not session.startswith(SESSION_MARK)
        if ends & {_C.MAILED_LINKS, _C.OTHER_SESSIONS} or (older and _C.THIS_SESSION in ends):
            # Reset links carry it, and so do sessions from before they had rows.
            db.session.execute(
                update(Member)
                .where(Member.id == member_id)
                .values(fs_uniquifier=new_uniquifier())
                .execution_options(synchronize_session="fetch")
            )
        _end_sessions(member_id, ends, session)
        if ends & _SESSIONS:
            work.record(SignedOut(member_id=member_id))
        if _C.API_TOKENS in ends and _end_rows(ApiToken, member_id):
            work.record(TokensRevoked(member_id=member_id))
        if _C.SIGNIN_LINKS in ends:
            _end_rows(SigninLink, member_id)
        if _C.KNOWN_DEVICES in ends:
            _end_rows(KnownDevice, member_id)
        _end_alerts(member_id, why, session)
    return ends


def begin_session(member_id: MemberId, *, instead_of: str | None = None) -> str:
    """A new session of the member; answers its key, of which only the digest is kept.

    `instead_of` is the one that the same browser had: it is over, and its alerts go on.
    """
    key, now = SESSION_MARK + secrets.token_urlsafe(24), clock.now()
    with unit_of_work():
        db.session.execute(
            delete(MemberSession).where(MemberSession.member_id == member_id, MemberSession.expires_at <= now)
        )
        db.session.add(
            MemberSession(digest=digest_of(key), member_id=member_id, created_at=now, expires_at=now + SESSION_LIFE)
        )
        if instead_of:
            db.session.execute(delete(MemberSession).where(MemberSession.digest == digest_of(instead_of)))
            for alerts in _ALERTS.here():
                alerts.move(digest_of(instead_of), to=digest_of(key))
    return key


def new_uniquifier() -> str:
    """What sessions without a row and reset links are bound to."""
    return secrets.token_hex(32)


def _end_sessions(member_id: MemberId, ends: frozenset[Credential], session: str | None) -> None:
    mine = MemberSession.digest == digest_of(session or "")
    of_member = delete(MemberSession).where(MemberSession.member_id == member_id)
    if _C.OTHER_SESSIONS in ends:
        db.session.execute(of_member if _C.THIS_SESSION in ends else of_member.where(~mine))
    elif _C.THIS_SESSION in ends:
        db.session.execute(of_member.where(mine))


def _end_alerts(member_id: MemberId, why: Why, session: str | None) -> None:
    digest = digest_of(session) if session else None
    for alerts in _ALERTS.here():
        if why is Why.SIGN_OUT and digest:
            alerts.end(member_id, only=digest)
        elif _C.ALERTS in ENDS[why]:
            # Who changes the password goes on in this browser.
            alerts.end(member_id, but=digest if why is Why.PASSWORD_CHANGE else None)


def _end_rows(table: type[ApiToken | SigninLink | KnownDevice], member_id: MemberId) -> bool:
    found = db.session.scalar(select(table.member_id).where(table.member_id == member_id).limit(1)) is not None
    db.session.execute(delete(table).where(table.member_id == member_id))
    return found
