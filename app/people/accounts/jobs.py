"""Mail of accounts leaves behind the answer: how long it takes tells nobody who has an account."""

from __future__ import annotations

from app.people.accounts import confirmation, forgotten
from app.platform.jobs import job


@job("mail_confirmation")
def mail_confirmation(member_id: int) -> None:
    """Is this your address?"""
    confirmation.mail_confirmation(member_id)


@job("mail_reset_link")
def mail_reset_link(identity: str) -> None:
    """The way to a new password, if there is such an account."""
    forgotten.mail_reset_link(identity)
