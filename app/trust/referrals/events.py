"""What happens to referrals."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class ReferralRecorded(Event):
    """A newcomer's row of "who invited me" was written."""

    inviter_id: MemberId
    member_id: MemberId
