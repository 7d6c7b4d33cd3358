"""Reads of accounts: who is it, may they act, what are they."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from app.kernel.clock import clock
from app.kernel.errors import Forbidden, NotFound
from app.kernel.ids import MemberId
from app.kernel.viewer import Viewer
from app.people.accounts.models import ApiToken, Member, MemberSession, Role, SigninLink, member_role
from app.people.accounts.rules import tidy_handle
from app.people.accounts.values import MEMBER, MODERATOR, OPERATOR, AccountView
from app.platform.database import UtcDateTime, db
from app.platform.photo_urls import photo_url
from app.platform.prepared import Prepared

# What session keys begin with; no uniquifier does.
SESSION_MARK: Final = "s."
Columns = Select[*tuple[Any, ...]]

# Every page asks who looks at it: these are built once, which takes longer than to run them.
_VIEWER: Columns = (
    select(Member.id, Member.handle, Member.name, Member.avatar_id, Member.locale, Role.name.label("role"))
    .outerjoin(member_role, member_role.c.member_id == Member.id)
    .outerjoin(Role, Role.id == member_role.c.role_id)
    .where(
        Member.active.is_(True),
        Member.suspended_until.is_(None) | (Member.suspended_until <= bindparam("now", type_=UtcDateTime())),
    )
)
_OF_SESSION = Prepared(_VIEWER.where(Member.fs_uniquifier == bindparam("key")))
_OF_SIGN_IN = Prepared(
    _VIEWER.join(MemberSession, MemberSession.member_id == Member.id).where(
        MemberSession.digest == bindparam("key"), MemberSession.expires_at > bindparam("now", type_=UtcDateTime())
    )
)
_OF_TOKEN = Prepared(_VIEWER.join(ApiToken, ApiToken.member_id == Member.id).where(ApiToken.digest == bindparam("key")))
_OF_MEMBER = Prepared(_VIEWER.where(Member.id == bindparam("ident")))


def digest_of(secret: str) -> str:
    """Tokens and codes are long and random, so a plain hash keeps them."""
    return hashlib.sha256(secret.encode()).hexdigest()


def device_digest(ident: MemberId, device: str) -> str:
    """What is kept of a browser's cookie: with the member in it, for two may share a browser."""
    return digest_of(f"{ident}:{device}")


def find_member_id(handle: str) -> MemberId | None:
    """The member with this handle."""
    return db.session.scalar(select(Member.id).where(Member.handle == tidy_handle(handle)))


def is_handle_like(letters: Iterable[str], *, besides: MemberId | None = None) -> bool:
    """Whether somebody's handle, without its underscores, is one of these."""
    plain = func.replace(Member.handle, "_", "")
    return bool(db.session.scalar(select(exists().where(plain.in_(list(letters)), Member.id != (besides or 0)))))


def find_identity(text: str) -> MemberId | None:
    """Whose account is meant at the sign-in: by e-mail address or handle.

    An address that is not confirmed yet serves too, for the one who gave it first.
    """
    text = text.strip()
    if "\x00" in text:
        return None
    if "@" not in text[1:]:
        return find_member_id(text)
    email = text.lower()
    found = db.session.scalar(select(Member.id).where(Member.email == email))
    if found is not None:
        return found
    claimed = select(Member.id).where(Member.unconfirmed_email == email).order_by(Member.id).limit(1)
    return db.session.scalar(claimed)


def member_id(handle: str) -> MemberId:
    """Find the member with this handle; raises `NotFound`."""
    found = find_member_id(handle)
    if found is None:
        raise NotFound("There is no member called “%(handle)s”.", handle=handle)
    return found


def member_ids(handles: Sequence[str]) -> list[MemberId]:
    """The members with these handles, in one statement; raises `NotFound` for the first unknown one."""
    tidy = [tidy_handle(one) for one in handles]
    rows = db.session.execute(select(Member.handle, Member.id).where(Member.handle.in_(tidy)))
    found = {row.handle: row.id for row in rows}
    for handle in tidy:
        if handle not in found:
            raise NotFound("There is no member called “%(handle)s”.", handle=handle)
    return [found[handle] for handle in tidy]


def get_member(ident: MemberId) -> Member:
    """The row; raises `NotFound`."""
    found = db.session.get(Member, ident)
    if found is None:
        raise NotFound("This member doesn’t exist.")
    return found


def roles_of(ident: MemberId) -> frozenset[str]:
    """Every member is a member; further roles are stored."""
    stored = (
        select(Role.name).join(member_role, member_role.c.role_id == Role.id).where(member_role.c.member_id == ident)
    )
    return frozenset(db.session.scalars(stored)) | {MEMBER}


def has_role(ident: MemberId, *roles: str) -> bool:
    """Whether the member has one of the roles; an operator may do what a moderator may."""
    wanted = set(roles) | ({OPERATOR} if MODERATOR in roles else set())
    return bool(roles_of(ident) & wanted)


def is_active(ident: MemberId) -> bool:
    """Whether the member exists, is not erased and not suspended."""
    return db.session.scalar(select(Member.id).where(Member.id == ident, visible())) is not None


def require_active(actor: MemberId) -> None:
    """Raises `Forbidden` when the member may not act now."""
    if not is_active(actor):
        raise Forbidden("This account is suspended.", code="suspended")


def hold(actor: MemberId) -> None:
    """Let one change at a time happen to what is the member's own; shuts out no rows that point at them."""
    db.session.execute(select(Member.id).where(Member.id == actor).with_for_update(key_share=True))


def require_role(actor: MemberId, *roles: str) -> None:
    """Raises `Forbidden` unless the active member has one of the roles."""
    require_active(actor)
    if not has_role(actor, *roles):
        raise Forbidden("You don’t have permission to do this.", code="wrong_role")


def viewer_of(uniquifier: str) -> Viewer | None:
    """Whose session this is: one statement of plain columns, as every page asks it.

    Sessions from before they had rows are known by the member's uniquifier.
    """
    if uniquifier.startswith(SESSION_MARK):
        return _viewer(_OF_SIGN_IN, key=digest_of(uniquifier))
    return _viewer(_OF_SESSION, key=uniquifier)


def member_of_session(key: str) -> Member | None:
    """Read the member of a session as a row, for Flask-Login; whether they may act is for the caller to see."""
    if not key.startswith(SESSION_MARK):
        return db.session.scalar(select(Member).where(Member.fs_uniquifier == key))
    return db.session.scalar(
        select(Member)
        .join(MemberSession, MemberSession.member_id == Member.id)
        .where(MemberSession.digest == digest_of(key), MemberSession.expires_at > clock.now())
    )


def caller_of(token: str) -> Viewer | None:
    """Whose API token this is."""
    return _viewer(_OF_TOKEN, key=digest_of(token))


def viewer_with_id(ident: MemberId) -> Viewer | None:
    """The member as a viewer, while active: for sockets, which outlive a request."""
    return _viewer(_OF_MEMBER, ident=ident)


def peek_signin_link(code: str) -> MemberId | None:
    """Whose link it is, while it holds."""
    return db.session.scalar(
        select(SigninLink.member_id).where(SigninLink.digest == digest_of(code), SigninLink.expires_at > clock.now())
    )


def account_of(ident: MemberId) -> AccountView:
    """The member's own view of the account."""
    tokens = select(func.count()).where(ApiToken.member_id == ident).scalar_subquery()
    row = db.session.execute(
        select(
            Member.id,
            Member.handle,
            Member.name,
            Member.email,
            Member.unconfirmed_email,
            Member.password,
            tokens.label("tokens"),
        ).where(Member.id == ident)
    ).one()
    return AccountView(row.id, row.handle, row.name, row.email, row.unconfirmed_email, bool(row.password), row.tokens)


def visible(members: Any = Member) -> ColumnElement[bool]:
    """A condition on rows of members: neither erased nor suspended now.

    It holds at the time when the statement runs, so a statement may be built once and kept.
    """
    until = members.suspended_until
    return and_(members.active.is_(True), or_(until.is_(None), until <= now_param()))


def visible_members(member_id: Any) -> ColumnElement[bool]:
    """A condition on a column that points at members: those are `visible`."""
    someone = cast(Table, Member.__table__).alias()
    return exists().where(someone.c.id == member_id, visible(someone.c))


def not_hidden(member_id: Any) -> ColumnElement[bool]:
    """Hold as `visible_members` does, for statements that ask it of thousands: the few hidden have an index."""
    someone = cast(Table, Member.__table__).alias()
    gone, until = someone.c.active.is_(False), someone.c.suspended_until
    zero: ColumnElement[int] = literal_column("0")
    return ~exists().where(
        someone.c.id + zero == member_id + zero, or_(gone, until.is_not(None)), or_(gone, until > now_param())
    )


def now_param() -> BindParameter[Any]:
    """The time at which the statement runs."""
    return bindparam(None, callable_=lambda: clock.now(), type_=UtcDateTime())  # noqa: PLW0108 - looked up at each run


def _viewer(query: Prepared, **key: str | int) -> Viewer | None:
    rows = query.rows(**key, now=clock.now())
    if not rows:
        return None
    first = rows[0]
    return Viewer(
        id=first.id,
        handle=first.handle,
        name=first.name,
        roles=frozenset(row.role for row in rows if row.role) | {MEMBER},
        avatar_url=photo_url(first.avatar_id, "thumb") if first.avatar_id else None,
        locale=first.locale,
    )
