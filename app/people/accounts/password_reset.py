"""A forgotten password, or none: the link to a new one, or one that signs in, by mail only."""

from __future__ import annotations

from urllib.parse import urlencode

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_security.recoverable import generate_reset_password_token

from app.kernel.ids import MemberId
from app.people.accounts.attempt_limits import may_mail_to
from app.people.accounts.email_confirmation import mail_confirmation
from app.people.accounts.queries import find_identity, get_member
from app.people.accounts.service import signin_link
from app.platform.addresses import absolute
from app.platform.locales import known_locale
from app.platform.mail import send_mail, send_queued


def mail_reset_link(identity: str, ref: str | None = None) -> None:
    """To the confirmed address of whoever this is; nobody learns whether there is such an account.

    An address that is not confirmed gets its confirmation again: a link to a password proves nothing yet.
    """
    ident = find_identity(identity)
    member = get_member(ident) if ident is not None else None
    if member is None or not member.is_active:
        return
    if member.email is None:
        if member.unconfirmed_email is not None:
            mail_confirmation(member.id, ref)
        return
    if not may_mail_to(member.email):
        return
    token = generate_reset_password_token(member)  # type: ignore[no-untyped-call]
    with force_locale(known_locale(member.locale)):
        text = _(
            "To choose a new password for your Kinmarket account @%(handle)s, open this link within 2 hours:\n\n"
            "%(link)s\n\nIf you didn’t ask for this, ignore this email. Your password stays the same.",
            handle=member.handle,
            link=absolute(f"/reset/{token}"),
        )
        send_queued(member.email, _("Reset your Kinmarket password"), text, ref=ref)


def mail_signin_link(actor: MemberId, next_page: str) -> bool:
    """For who has no password to prove who they are with; False without an address, or after too many."""
    member = get_member(actor)
    if member.email is None or not may_mail_to(member.email):
        return False
    link = absolute(f"{signin_link(actor)}?{urlencode({'next': next_page})}")
    with force_locale(known_locale(member.locale)):
        text = _(
            "To sign in to Kinmarket as @%(handle)s, open this link within a day:\n\n%(link)s\n\n"
            "If you didn’t ask for this, ignore this email.",
            handle=member.handle,
            link=link,
        )
        send_mail(member.email, _("Sign in to Kinmarket"), text)
    return True
