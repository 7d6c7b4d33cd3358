"""Names and limits of accounts that other wings may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.kernel.ids import MemberId

MEMBER, MERCHANT, MODERATOR, OPERATOR = "member", "merchant", "moderator", "operator"
ROLES = (MEMBER, MERCHANT, MODERATOR, OPERATOR)
STAFF = frozenset({MODERATOR, OPERATOR})

MIN_PASSWORD_LENGTH = 8
MAX_PASSWORD_LENGTH = 128
MAX_NAME_LENGTH = 80
SIGNIN_LINK_LIFE = timedelta(hours=24)
# A suspension without an end, as a time that both databases can hold.
FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AccountView:
    """What a member sees of the own account."""

    id: MemberId
    handle: str
    name: str
    email: str | None
    unconfirmed_email: str | None
    has_password: bool
    token_count: int
