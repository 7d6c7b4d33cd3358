"""Another e-mail address: asked for with the password, confirmed from the new mailbox, told to the old one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import current_app
from flask_babel import gettext as _
from flask_security.utils import verify_password
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.kernel.errors import Conflict, Invalid, NotFound
from app.people.accounts.events import EmailChanged
from app.people.accounts.models import Member
from app.people.accounts.queries import digest_of, get_member, require_active
from app.people.accounts.service import tidy_email
from app.platform.database import db, unit_of_work
from app.platform.limits import check_rate
from app.platform.mail import send_mail
from app.platform.settings import Settings

LIFE: Final = timedelta(hours=24)
_SALT: Final = "email-change"


def ask_for_email(actor: int, wanted: str, password: str | None) -> None:
    """A mail with a link goes to the new address; nothing changes until it is followed."""
    email = tidy_email(wanted)
    check_rate(f"email-change:{actor}", "6/hour")
    require_active(actor)
    member = get_member(actor)
    if member.password and not (password and verify_password(password, member.password)):
        raise Invalid(_("This is not your password."), code="wrong_password")
    if member.email == email:
        raise Invalid(_("This is your address already."), code="same_email")
    token = _signer().dumps([actor, email, _mark(member.email)])
    settings: Settings = current_app.config["KIN"]
    link = f"{settings.public_url}/settings/account/email/{token}"
    if db.session.scalar(select(Member.id).where(Member.email == email)) is not None:
        # Whether an address has an account is told to its owner only.
        send_mail(
            email,
            _("Kinmarket: this address has an account already"),
            _("Somebody, perhaps you, wanted to use this address for another account. Nothing was changed."),
        )
        return
    text = _(
        "Hello %(name)s,\n\nfollow this link within a day, and this address is the one of your account:\n\n"
        "%(link)s\n\nIf you did not ask for this, leave it.",
        name=member.name,
        link=link,
    )
    send_mail(email, _("Kinmarket: is this your address?"), text)


def peek_email(actor: int, token: str) -> str:
    """The address that the link is for; raises `NotFound` for old ones and other people's."""
    return _read(actor, token)[0]


def confirm_email(actor: int, token: str) -> str:
    """The address is the account's from now on; the old one is told. Holds once."""
    email, before = _read(actor, token)
    try:
        with unit_of_work() as work:
            require_active(actor)
            old = get_member(actor).email
            if _mark(old) != before:
                raise _gone()
            same = Member.email.is_not_distinct_from(old)
            done = db.session.scalar(
                update(Member)
                .where(Member.id == actor, same)
                .values(email=email)
                .returning(Member.id)
                .execution_options(synchronize_session=False)
            )
            if done is None:
                raise _gone()
            work.record(EmailChanged(member_id=actor))
    except IntegrityError as problem:
        raise Conflict(
            _("There is an account with this e-mail address already."), code="email_taken"
        ) from problem
    if old:
        text = _(
            "The e-mail address of your Kinmarket account was changed, and this one is no longer in use.\n\n"
            "If it was not you, write to whoever runs this community at once."
        )
        send_mail(old, _("Your Kinmarket e-mail address was changed"), text)
    return email


def _read(actor: int, token: str) -> tuple[str, str]:
    try:
        ident, email, before = _signer().loads(token, max_age=int(LIFE.total_seconds()))
    except (BadSignature, ValueError) as problem:
        raise _gone() from problem
    if ident != actor or _mark(get_member(actor).email) != before:
        raise _gone()
    return str(email), str(before)


def _gone() -> NotFound:
    return NotFound(_("This link was used already, is too old, or is for another account."), code="link_used")


def _mark(email: str | None) -> str:
    """The link ends when the address is another one: so it holds once."""
    return digest_of(email or "")[:16]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
