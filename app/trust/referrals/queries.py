"""Reading who invited whom."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, tuple_

from app.kernel.ids import MemberId
from app.platform.database import db
from app.trust.referrals.models import Referral


def inviter_of(member_id: MemberId) -> MemberId | None:
    """Through whom a member came, when by an invite."""
    return db.session.scalar(select(Referral.inviter_id).where(Referral.member_id == member_id))


def invited_by(inviter_id: MemberId) -> list[MemberId]:
    """Who came through a member's invites, oldest first."""
    query = select(Referral.member_id).where(Referral.inviter_id == inviter_id)
    return list(db.session.scalars(query.order_by(Referral.at, Referral.member_id)))


def referral_count(inviter_id: MemberId) -> int:
    """How many came through a member's invites."""
    query = select(func.count()).select_from(Referral).where(Referral.inviter_id == inviter_id)
    return db.session.scalar(query) or 0


def referrals_among(pairs: Iterable[tuple[int, int]]) -> set[tuple[MemberId, MemberId]]:
    """Which of the pairs are inviter and newcomer; in one statement."""
    wanted = sorted(pairs)
    if not wanted:
        return set()
    columns = (Referral.inviter_id, Referral.member_id)
    query = select(*columns).where(tuple_(*columns).in_(wanted))
    return {(row.inviter_id, row.member_id) for row in db.session.execute(query)}
