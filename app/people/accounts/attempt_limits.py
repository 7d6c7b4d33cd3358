"""How often a password may be tried: for each account, and for each address that tries.

Whoever guesses from anywhere fills the account's common bucket. The owner has others: a browser that
has opened the account before has one of its own, and a link by mail needs no password at all.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from app.kernel.errors import TooMany
from app.kernel.ids import MemberId
from app.people.accounts.models import KnownDevice
from app.people.accounts.queries import device_digest, digest_of, find_identity
from app.platform.database import db
from app.platform.limits import check_rate

PER_ACCOUNT: Final = ("10/minute", "60/hour")
PER_SESSION: Final = ("10/minute", "40/hour")
MAILS: Final = "5/hour"


def count_sign_in(identity: str, device: str) -> None:
    """One try at the account, by whatever name it was called; raises `TooMany`."""
    ident = find_identity(identity)
    known = ident is not None and device != "" and _is_known(ident, device)
    # Names that nobody has are counted alike, so that being stopped tells nothing.
    account = f"member:{ident}" if ident is not None else f"name:{digest_of(identity.strip().lower())[:32]}"
    key = f"sign-in:{account}:{device_digest(ident, device)}" if known and ident is not None else f"sign-in:{account}"
    try:
        for limit in PER_ACCOUNT:
            check_rate(key, limit)
    except TooMany as problem:
        raise TooMany(
            "Too many attempts. Wait a few minutes, reset your password, or use a browser you’ve signed in with "
            "before.",
            retry_after=problem.retry_after,
        ) from problem


def count_confirmation(ident: MemberId, session: str) -> None:
    """One try at the password by somebody who is signed in; whoever has another session is not held up."""
    for limit in PER_SESSION:
        check_rate(f"confirm:{ident}:{session}", limit)


def may_mail_to(address: str) -> bool:
    """Nobody's inbox shall be filled by others; who is over the limit is not told so."""
    try:
        check_rate(f"account-mail:{digest_of(address.lower())}", MAILS)
    except TooMany:
        return False
    return True


def _is_known(ident: MemberId, device: str) -> bool:
    digest = device_digest(ident, device)
    return db.session.scalar(select(KnownDevice.digest).where(KnownDevice.digest == digest)) is not None
