"""Another e-mail address: asked for, confirmed from the new mailbox, told to the old one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import MemberId
from app.people.accounts.attempt_limits import may_mail_to
from app.people.accounts.credentials import Why, end_credentials
from app.people.accounts.events import EmailChanged
from app.people.accounts.models import Member
from app.people.accounts.passwords import reading_that_opens
from app.people.accounts.queries import digest_of, get_member, require_active
from app.people.accounts.service import tidy_email
from app.platform.addresses import absolute
from app.platform.database import db, unit_of_work
from app.platform.limits import check_rate
from app.platform.mail import send_mail

LIFE: Final = timedelta(hours=24)
_SALT: Final = "email-change"


def ask_for_email(actor: MemberId, wanted: str, password: str | None) -> None:
    """A mail with a link goes to the new address; nothing changes until it is followed."""
    email = tidy_email(wanted)
    check_rate(f"email-change:{actor}", "6/hour")
    require_active(actor)
    member = get_member(actor)
    if member.password and reading_that_opens(member.password, password) is None:
        raise Invalid("Wrong password.", code="wrong_password")
    if member.email == email:
        raise Invalid("This is already your email address.", code="same_email")
    token = _signer().dumps([actor, email, _mark(member)])
    if not may_mail_to(email):
        return
    if db.session.scalar(select(Member.id).where(Member.email == email)) is not None:
        # Whether an address has an account is told to its owner only.
        send_mail(
            email,
            _("You already have a Kinmarket account"),
            _("Someone, perhaps you, tried to use this email address for another account. Nothing has changed."),
        )
        return
    text = _(
        "To use this email address for your account @%(handle)s, open this link within a day:\n\n"
        "%(link)s\n\nIf you didn’t ask for this, ignore this email.",
        handle=member.handle,
        link=absolute(f"/settings/account/email/{token}"),
    )
    send_mail(email, _("Confirm your email address for Kinmarket"), text)


def peek_email(actor: MemberId, token: str) -> str:
    """The address that the link is for; raises `NotFound` for old ones and other people's."""
    return _read(actor, token)[0]


def confirm_email(actor: MemberId, token: str, *, session: str | None = None) -> str:
    """The address is the account's from now on; the old one is told. Holds once."""
    email, before = _read(actor, token)
    try:
        with unit_of_work() as work:
            require_active(actor)
            member = get_member(actor)
            old = member.email
            if _mark(member) != before:
                raise _gone()
            same = Member.email.is_not_distinct_from(old)
            done = db.session.scalar(
                update(Member)
                .where(Member.id == actor, same)
                .values(email=email, unconfirmed_email=None, confirmed_at=clock.now())
                .returning(Member.id)
                .execution_options(synchronize_session=False)
            )
            if done is None:
                raise _gone()
            end_credentials(actor, Why.EMAIL_CHANGE, session=session)
            work.record(EmailChanged(member_id=actor))
    except IntegrityError as problem:
        raise Conflict("This email address already has an account.", code="email_taken") from problem
    if old:
        text = _(
            "The email address of your Kinmarket account was changed. This address is no longer in use.\n\n"
            "If this wasn’t you, contact whoever runs this community immediately."
        )
        send_mail(old, _("Your Kinmarket email address was changed"), text)
    return email


def _read(actor: MemberId, token: str) -> tuple[str, str]:
    try:
        ident, email, before = _signer().loads(token, max_age=int(LIFE.total_seconds()))
    except (BadSignature, ValueError) as problem:
        raise _gone() from problem
    if ident != actor or _mark(get_member(actor)) != before:
        raise _gone()
    return str(email), str(before)


def _gone() -> NotFound:
    return NotFound("This link was already used, has expired, or is for another account.", code="link_used")


def _mark(member: Member) -> str:
    """The link ends when the address is another one, so it holds once; and with all mailed links."""
    return digest_of(f"{member.email or ''}:{member.fs_uniquifier}")[:16]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
