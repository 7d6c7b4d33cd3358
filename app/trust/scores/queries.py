"""Reading a member's standing."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.ids import MemberId
from app.platform.database import db
from app.trust.scores.models import ReputationRun, ReputationScore
from app.trust.scores.rules import budget_for
from app.trust.scores.values import Rank
from graph.standing import Budget


def rank_of(member_id: MemberId) -> Rank:
    """One statement."""
    score = select(ReputationScore.score).where(ReputationScore.member_id == member_id).scalar_subquery()
    members = (
        select(ReputationRun.members)
        .where(ReputationRun.finished_at.is_not(None), ReputationRun.problem.is_(None))
        .order_by(ReputationRun.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = db.session.execute(select(score.label("score"), members.label("members"))).one()
    return Rank(row.score or 0.0, row.members or 0)


def allowance(member_id: MemberId) -> tuple[Budget, bool]:
    """How many vouches of which strength the member may have open, and whether standing said so."""
    rank = rank_of(member_id)
    return budget_for(rank), rank.known


def all_scores() -> dict[MemberId, float]:
    """Everybody's standing; empty until it has been computed from named seeds. One statement."""
    rows = db.session.execute(select(ReputationScore.member_id, ReputationScore.score))
    return {row.member_id: row.score for row in rows}
