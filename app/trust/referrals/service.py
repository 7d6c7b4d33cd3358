"""Recording who invited whom."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_or_ignore
from app.trust.referrals.events import ReferralRecorded
from app.trust.referrals.models import Referral


def record_referral(inviter_id: MemberId, member_id: MemberId) -> bool:
    """Idempotent; False when nothing was written."""
    if inviter_id == member_id:
        return False
    with unit_of_work() as unit:
        there = db.session.scalars(select(Member.id).where(Member.id.in_([inviter_id, member_id])))
        if len(set(there)) < 2:  # one of them has left since
            return False
        if not insert_or_ignore(Referral, {"member_id": member_id, "inviter_id": inviter_id}):
            return False
        unit.record(ReferralRecorded(inviter_id=inviter_id, member_id=member_id))
    return True
