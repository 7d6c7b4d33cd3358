"""Recording who invited whom."""

from __future__ import annotations

from sqlalchemy import select

from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from app.trust.referrals.events import ReferralRecorded
from app.trust.referrals.models import Referral


def record_referral(inviter_id: int, member_id: int) -> bool:
    """Idempotent; False when nothing was written."""
    if inviter_id == member_id:
        return False
    with unit_of_work() as unit:
        if db.session.get(Referral, member_id) is not None:
            return False
        there = db.session.scalars(select(Member.id).where(Member.id.in_([inviter_id, member_id])))
        if len(set(there)) < 2:  # one of them has left since
            return False
        db.session.add(Referral(member_id=member_id, inviter_id=inviter_id))
        unit.record(ReferralRecorded(inviter_id=inviter_id, member_id=member_id))
    return True
