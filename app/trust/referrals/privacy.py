"""What referrals tell of a person."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.platform.database import db
from app.trust.referrals.models import Referral

NAME = "referrals"


def export(ident: MemberId) -> dict[str, object]:
    """Who invited the member, and whom the member invited."""
    inviter = select(Member.handle).join(Referral, Referral.inviter_id == Member.id).where(Referral.member_id == ident)
    invited = select(Member.handle).join(Referral, Referral.member_id == Member.id).where(Referral.inviter_id == ident)
    return {
        "invited_by": db.session.scalar(inviter),
        "invited": list(db.session.scalars(invited.order_by(Referral.at))),
    }


def erase(ident: MemberId) -> None:
    """Who invited whom is forgotten with either of them."""
    either = or_(Referral.member_id == ident, Referral.inviter_id == ident)
    db.session.execute(delete(Referral).where(either))
