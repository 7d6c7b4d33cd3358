"""Mail of accounts leaves behind the answer: how long it takes tells nobody who has an account."""

from __future__ import annotations

from app.kernel.ids import MemberId
from app.people.accounts import email_confirmation, password_reset
from app.platform.jobs import job


@job("mail_confirmation", lane="mail")
def mail_confirmation(member_id: MemberId, ref: str | None = None) -> None:
    """Is this your address?"""
    email_confirmation.mail_confirmation(member_id, ref)


@job("mail_reset_link", lane="mail")
def mail_reset_link(identity: str, ref: str | None = None) -> None:
    """The way to a new password, if there is such an account."""
    password_reset.mail_reset_link(identity, ref)
