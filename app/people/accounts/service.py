"""The writes of accounts."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import clock
from app.kernel.errors import N_, Conflict, Invalid, NotFound
from app.kernel.ids import MemberId
from app.kernel.titles import is_name
from app.people.accounts.credentials import Why, end_credentials, new_uniquifier
from app.people.accounts.events import (
    MemberErased,
    MemberJoined,
    MemberReinstated,
    MemberSuspended,
    PasswordChanged,
    RoleGiven,
    SignedInAnew,
    TokenMade,
)
from app.people.accounts.models import ApiToken, KnownDevice, Member, Role, SigninLink, member_role
from app.people.accounts.passwords import hash_of
from app.people.accounts.queries import (
    device_digest,
    digest_of,
    get_member,
    is_handle_like,
    require_active,
    roles_of,
)
from app.people.accounts.rules import (
    HandleFault,
    chosen_handle_fault,
    erased_handle,
    handle_fault,
    handle_from,
    handle_letters,
    handles_drawn,
    poses_as_house,
    tidy_handle,
)
from app.people.accounts.values import (
    FOR_GOOD,
    MAX_NAME_LENGTH,
    MEMBER,
    MODERATOR,
    OPERATOR,
    ROLES,
    SIGNIN_LINK_LIFE,
    STAFF,
)
from app.platform.cleaning import clean_line
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_into

_MARKED = 300  # members in one statement
_NUMBERS = 30  # how far a suggested handle is counted on


def add_member(
    handle: str,
    *,
    name: str | None = None,
    email: str | None = None,
    role: str = MEMBER,
    password: str | None = None,
    inviter_id: MemberId | None = None,
    unconfirmed_email: str | None = None,
    chosen: bool = False,
    locale: str | None = None,
) -> MemberId:
    """A new account; raises `Invalid` or `Conflict` with what is wrong.

    `chosen`: somebody who joins has chosen handle and name, so they may not pose as the community.
    `email` counts at once, for the operator gives it; `unconfirmed_email` when its mailbox has confirmed
    it, and whether others have it too is told nobody.
    """
    handle = tidy_handle(handle)
    check_handle(handle, chosen=chosen)
    name = clean_line(name or handle, MAX_NAME_LENGTH)
    if not is_name(name):
        name = handle
    if chosen:
        check_name(name)
    email = tidy_email(email) if email else None
    if role not in ROLES:
        raise Invalid("There is no role “%(role)s”.", code="bad_role", role=role)
    # Hashing takes a tenth of a second by design: never while the write lock is held.
    hashed = hash_of(password) if password is not None else None
    try:
        with unit_of_work() as work:
            _check_free(handle, email)
            if chosen:
                _check_apart(handle)
                check_not_somebody_else(name)
            member = Member(
                handle=handle,
                chosen_letters=handle_letters(handle) if chosen else None,
                name=name,
                email=email,
                confirmed_at=clock.now() if email else None,
                unconfirmed_email=tidy_email(unconfirmed_email) if unconfirmed_email else None,
                password=hashed,
                locale=locale,
                fs_uniquifier=new_uniquifier(),
                joined_at=clock.now(),
            )
            db.session.add(member)
            db.session.flush()
            if role != MEMBER:
                _give_role(member.id, role)
            work.record(MemberJoined(member_id=member.id, inviter_id=inviter_id))
            ident = member.id
    except IntegrityError as problem:
        # PostgreSQL lets two check at once; the constraint decides which of them was first. Its name stands
        # in the first line, what was asked for in the next.
        raise _taken(str(problem.orig).partition("\n")[0]) from problem
    return ident


def check_handle(handle: str, *, chosen: bool = False) -> None:
    """Raises `Invalid` unless an account may have this handle, or a person may choose it."""
    fault = chosen_handle_fault(handle) if chosen else handle_fault(handle)
    if fault is HandleFault.FORM:
        message = N_("Use 2 to 30 lowercase letters, digits or underscores for your username.")
    elif fault is HandleFault.IMPORTED:
        message = N_("Usernames such as u123 are reserved for imported members.")
    elif fault is HandleFault.RESERVED:
        message = N_("This username is reserved.")
    else:
        return
    raise Invalid(message, code="bad_handle")


def check_chosen_handle(text: str) -> str:
    """The handle as it is stored; raises `Invalid` or `Conflict` unless somebody who joins now could have it."""
    handle = tidy_handle(text)
    check_handle(handle, chosen=True)
    _check_free(handle, None)
    _check_apart(handle)
    return handle


def suggest_handle(name: str) -> str:
    """A free handle for somebody of this name; empty where none comes to mind."""
    stem = handle_from(name)
    for number in ("", *range(2, _NUMBERS)) if stem else ():
        with suppress(Invalid, Conflict):
            return check_chosen_handle(f"{stem}{number}")
    return ""


def check_name(name: str) -> None:
    """Raises `Invalid` where others would take it for the community's own word."""
    if poses_as_house(name):
        raise Invalid("This name is reserved.", code="bad_name")


def check_not_somebody_else(name: str, ident: MemberId | None = None) -> None:
    """Raises `Invalid` where letters of another alphabet make a name look like another member's handle."""
    drawn = handles_drawn(name)
    if drawn and is_handle_like(drawn, besides=ident):
        raise Invalid("This looks like someone else’s username. Write your name in one alphabet.", code="bad_name")


def tidy_email(text: str) -> str:
    """The address as it is stored, in small letters; raises `Invalid`."""
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as problem:
        raise Invalid("Enter a valid email address.", code="bad_email") from problem
    if "=?" in found.normalized:  # the beginning of an encoded word: a header of its own, once decoded
        raise Invalid("Enter a valid email address.", code="bad_email")
    return found.normalized.lower()


def grant_role(ident: MemberId, role: str) -> None:
    """Give a further role."""
    if role not in ROLES:
        raise Invalid("There is no role “%(role)s”.", code="bad_role", role=role)
    with unit_of_work() as work:
        get_member(ident)
        if role not in roles_of(ident):
            _give_role(ident, role)
            work.record(RoleGiven(member_id=ident))
            if role in STAFF:
                end_credentials(ident, Why.STAFF_ROLE)


def issue_token(ident: MemberId) -> str:
    """A new API token; it is shown once, only its hash is kept."""
    token = f"kin_{secrets.token_urlsafe(32)}"
    with unit_of_work():
        require_active(ident)
        db.session.add(ApiToken(digest=digest_of(token), member_id=ident, created_at=clock.now()))
    return token


def make_token(actor: MemberId) -> str:
    """Issue a token on the site, where somebody else may sit: the member is told."""
    with unit_of_work() as work:
        token = issue_token(actor)
        work.record(TokenMade(member_id=actor))
    return token


def revoke_tokens(ident: MemberId) -> int:
    """All API tokens of the member end; answers how many there were."""
    with unit_of_work():
        ended = db.session.scalar(select(func.count()).where(ApiToken.member_id == ident)) or 0
        end_credentials(ident, Why.TOKENS_REVOKED)
    return ended


def sign_out_everywhere(actor: MemberId) -> None:
    """Every browser is out, the one that asks too, and links that were mailed open nothing."""
    with unit_of_work():
        end_credentials(actor, Why.SIGN_OUT_EVERYWHERE)


def signin_link(ident: MemberId) -> str:
    """The path of a new one-time sign-in."""
    code = secrets.token_urlsafe(24)
    with unit_of_work():
        require_active(ident)
        now = clock.now()
        db.session.execute(delete(SigninLink).where(SigninLink.expires_at <= now))
        db.session.add(SigninLink(digest=digest_of(code), member_id=ident, expires_at=now + SIGNIN_LINK_LIFE))
    return f"/signin/{code}"


def use_signin_link(code: str) -> MemberId:
    """The member it stands for; holds once, whoever comes second gets `NotFound`."""
    with unit_of_work():
        ident: MemberId | None = db.session.scalar(
            delete(SigninLink)
            .where(SigninLink.digest == digest_of(code), SigninLink.expires_at > clock.now())
            .returning(SigninLink.member_id)
        )
        if ident is None:
            raise NotFound("This sign-in link was already used or has expired.", code="link_used")
        require_active(ident)
    return ident


def record_sign_in(ident: MemberId, device: str) -> None:
    """The account was opened on this device; news unless it is the first one ever, or known."""
    digest = device_digest(ident, device)
    with unit_of_work() as work:
        known = set(db.session.scalars(select(KnownDevice.digest).where(KnownDevice.member_id == ident)))
        if digest in known:
            return
        row = {"digest": digest, "member_id": ident, "seen_at": clock.now()}
        made = db.session.scalar(
            insert_into(KnownDevice).values(row).on_conflict_do_nothing().returning(KnownDevice.digest)
        )
        if made is not None and known:
            work.record(SignedInAnew(member_id=ident))


def record_new_password(ident: MemberId) -> None:
    """Lets the member be told."""
    with unit_of_work() as work:
        work.record(PasswordChanged(member_id=ident))


def store_credentials(
    ident: MemberId,
    changed: dict[str, object],
    before: dict[str, object],
    *,
    why: Why = Why.PASSWORD_RESET,
    session: str | None = None,
) -> None:
    """Write what Flask-Security changed of a member, unless somebody else did meanwhile.

    Where it gives another uniquifier the password is new, and `why` ends what it has to.
    """
    with unit_of_work():
        same = [getattr(Member, column).is_not_distinct_from(value) for column, value in before.items()]
        done = db.session.scalar(
            update(Member)
            .where(Member.id == ident, *same)
            .values(**changed)
            .returning(Member.id)
            .execution_options(synchronize_session=False)
        )
        if done is None:
            raise Conflict("The account was changed in the meantime. Start again.")
        if "fs_uniquifier" in changed:
            end_credentials(ident, why, session=session)


def suspend(actor: MemberId, ident: MemberId, *, until: datetime | None = None) -> None:
    """End the member's sessions and keep them out; the moderation wing keeps the reason.

    Whether `actor` may is checked there too; here it keeps staff from suspending their operator.
    """
    with unit_of_work() as work:
        _require_above(actor, ident)
        member = get_member(ident)
        member.suspended_until = until or FOR_GOOD
        end_credentials(ident, Why.SUSPENSION)
        work.record(MemberSuspended(member_id=ident))


def reinstate(actor: MemberId, ident: MemberId) -> bool:
    """Lift a suspension; answers whether there was one."""
    with unit_of_work() as work:
        _require_above(actor, ident)
        member = get_member(ident)
        if member.suspended_until is None:
            return False
        member.suspended_until = None
        work.record(MemberReinstated(member_id=ident))
        return True


def erase_account(ident: MemberId) -> None:
    """What is left is a number without a name, so that others' threads and paths stay whole."""
    with unit_of_work() as work:
        member = get_member(ident)
        member.handle, member.name = erased_handle(ident), erased_handle(ident)
        member.chosen_letters = None
        member.bio = member.place = ""
        member.email = member.unconfirmed_email = member.password = member.avatar_id = member.locale = None
        member.active, member.discreet, member.certified = False, True, False
        end_credentials(ident, Why.ERASURE)
        db.session.execute(member_role.delete().where(member_role.c.member_id == ident))
        work.record(MemberErased(member_id=ident))


def mark_certified(certified: set[MemberId]) -> int:
    """Exactly these members wear the mark from now on, as far as they are still here; answers how many.

    Called by the trust wing when standing was computed anew; a member's face carries the mark.
    """
    before = set(db.session.scalars(select(Member.id).where(Member.certified)))
    for value, ids in ((True, sorted(certified - before)), (False, sorted(before - certified))):
        for start in range(0, len(ids), _MARKED):
            with unit_of_work():
                some = ids[start : start + _MARKED]
                db.session.execute(
                    update(Member)
                    .where(Member.id.in_(some), Member.active)
                    .values(certified=value)
                    .execution_options(synchronize_session=False)
                )
    return db.session.scalar(select(func.count()).select_from(Member).where(Member.certified)) or 0


def _require_above(actor: MemberId, ident: MemberId) -> None:
    require_active(actor)
    mine, theirs = roles_of(actor), roles_of(ident)
    allowed = OPERATOR in mine or (MODERATOR in mine and not theirs & {MODERATOR, OPERATOR})
    if not allowed or actor == ident:
        raise Conflict("Only an operator can do this to a staff member.", code="staff")


def _check_free(handle: str, email: str | None) -> None:
    if db.session.scalar(select(Member.id).where(Member.handle == handle)) is not None:
        raise _taken("handle")
    if email and db.session.scalar(select(Member.id).where(Member.email == email)) is not None:
        raise _taken("email")


def _check_apart(handle: str) -> None:
    """Nobody chooses what differs from another's handle only by underscores."""
    if is_handle_like([handle_letters(handle)]):
        raise _taken("chosen_letters")


def _taken(what: str) -> Conflict:
    if "chosen_letters" in what:
        return Conflict("This username is too similar to another member’s. Choose another one.", code="handle_taken")
    if "email" in what:
        return Conflict("This email address already has an account.", code="email_taken")
    return Conflict("This username is taken.", code="handle_taken")


def _give_role(ident: MemberId, role: str) -> None:
    # The first member of a role makes its row; two may be first at once.
    db.session.execute(insert_into(Role).values(name=role).on_conflict_do_nothing())
    role_id = db.session.scalar(select(Role.id).where(Role.name == role))
    db.session.execute(insert_into(member_role).values(member_id=ident, role_id=role_id).on_conflict_do_nothing())
