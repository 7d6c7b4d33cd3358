"""An address that somebody gave at the registration: theirs when its mailbox has said so.

Until then the account has no address: nothing is mailed but this one question, and nobody else is
kept from giving the same address. Whether it has an account already is told its owner only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import clock
from app.kernel.errors import Conflict, NotFound
from app.kernel.ids import MemberId
from app.people.accounts.attempt_limits import may_mail_to
from app.people.accounts.models import Member
from app.people.accounts.queries import is_active
from app.platform.addresses import absolute
from app.platform.database import db, unit_of_work
from app.platform.locales import known_locale
from app.platform.mail import send_queued
from app.platform.sql import transition

LIFE: Final = timedelta(days=7)
_SALT: Final = "email-confirmation"


def mail_confirmation(ident: MemberId, ref: str | None = None) -> None:
    """The link to the unconfirmed address, or to its owner that there is an account already.

    With the same `ref` it is the same message again.
    """
    row = db.session.execute(
        select(Member.handle, Member.unconfirmed_email, Member.locale).where(Member.id == ident)
    ).one_or_none()
    email = row.unconfirmed_email if row else None
    if row is None or email is None or not is_active(ident) or not may_mail_to(email):
        return
    with force_locale(known_locale(row.locale)):
        _mail_question(ident, row.handle, email, ref)


def _mail_question(ident: MemberId, handle: str, email: str, ref: str | None) -> None:
    if db.session.scalar(select(Member.id).where(Member.email == email)) is not None:
        text = _(
            "Someone, perhaps you, tried to join Kinmarket with this email address, which already has an account. "
            "Nothing has changed. To sign in or choose a new password, open this link:\n\n%(link)s",
            link=absolute("/login"),
        )
        send_queued(email, _("You already have a Kinmarket account"), text, ref=ref)
        return
    # No name that somebody has chosen: it would be mail of theirs, sent by us.
    text = _(
        "Someone, perhaps you, joined Kinmarket as @%(handle)s with this email address. "
        "If it was you, open this link within a week to confirm it:\n\n%(link)s\n\n"
        "If it wasn’t you, ignore this email. You won’t get any others.",
        handle=handle,
        link=absolute(f"/confirm/{_signer().dumps([ident, email])}"),
    )
    send_queued(email, _("Confirm your email address for Kinmarket"), text, ref=ref)


def peek(token: str) -> tuple[str, str]:
    """The address that the link is for, and the handle of the account; raises `NotFound`."""
    ident, email = _read(token)
    handle = db.session.scalar(select(Member.handle).where(Member.id == ident, Member.unconfirmed_email == email))
    if handle is None or not is_active(ident):
        raise _gone()
    return email, handle


def confirm(token: str) -> None:
    """The address is the account's from now on. Holds once, and for the first who confirms it."""
    ident, email = _read(token)
    try:
        with unit_of_work():
            now = {"email": email, "unconfirmed_email": None, "confirmed_at": clock.now()}
            if not is_active(ident) or not transition(Member, {"id": ident, "unconfirmed_email": email}, now):
                raise _gone()
    except IntegrityError as problem:
        raise Conflict("This email address already has an account.", code="email_taken") from problem


def _read(token: str) -> tuple[MemberId, str]:
    try:
        ident, email = _signer().loads(token, max_age=int(LIFE.total_seconds()))
    except (BadSignature, ValueError) as problem:
        raise _gone() from problem
    return MemberId(int(ident)), str(email)


def _gone() -> NotFound:
    return NotFound("This link was already used or has expired.", code="link_used")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
