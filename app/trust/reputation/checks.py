"""Invariants of standing, for `kinmarket check`."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from app.people.accounts.models import Member
from app.platform.database import db
from app.trust.scores.models import ReputationRun, ReputationScore

_ROUNDING = 1e-6


def run() -> Iterator[str]:
    """Standing is shared out, not made; the seal is worn by those whom it reaches."""
    busy = select(ReputationRun.id).where(ReputationRun.running.is_not(None))
    if db.session.scalar(busy) is not None:
        return  # the table is between two states
    total = db.session.scalar(select(func.sum(ReputationScore.score))) or 0.0
    if total > 1.0 + _ROUNDING:
        yield f"all standing together is {total:.6f}, more than the whole"
    bare = (
        select(Member.handle)
        .outerjoin(ReputationScore, ReputationScore.member_id == Member.id)
        .where(Member.certified, Member.active, ReputationScore.member_id.is_(None))
        .order_by(Member.handle)
        .limit(20)
    )
    for handle in db.session.scalars(bare):
        yield f"{handle} is certified without any standing"


CHECKS = {"reputation": run}
