"""Reading seeds, runs and the highest standings."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.people.accounts.queries import require_role
from app.people.accounts.values import OPERATOR
from app.people.profiles.queries import cards
from app.platform.database import db
from app.platform.subjects import NOBODY
from app.trust.reputation.values import Desk, Run, Seed, Standings
from app.trust.scores.models import ReputationRun, ReputationScore, TrustSeed

SHOWN = 10


def seed_ids() -> list[MemberId]:
    """The active members whom the operator has named."""
    query = select(TrustSeed.member_id).join(Member, Member.id == TrustSeed.member_id)
    return list(db.session.scalars(query.where(Member.active).order_by(TrustSeed.member_id)))


def has_seeds() -> bool:
    """Whether the operator has named anybody; until then only circles rank what is shown."""
    return bool(seed_ids())


def seed_handles() -> list[str]:
    """List the handles of the seeds, for the command line."""
    query = select(Member.handle).join(TrustSeed, TrustSeed.member_id == Member.id)
    return list(db.session.scalars(query.order_by(Member.handle)))


def latest_run() -> Run | None:
    """The computation that runs, or ran last."""
    query = select(ReputationRun).order_by(ReputationRun.id.desc()).limit(1)
    row = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return None
    return Run(row.id, row.started_at, row.finished_at, row.percent, row.members, row.certified, row.problem)


def desk(actor: MemberId) -> Desk:
    """The operator's page."""
    require_role(actor, OPERATOR)
    named = list(db.session.scalars(select(TrustSeed).order_by(TrustSeed.named_at, TrustSeed.member_id)))
    top = db.session.execute(
        select(ReputationScore.member_id, ReputationScore.score)
        .order_by(ReputationScore.score.desc(), ReputationScore.member_id)
        .limit(SHOWN)
    ).all()
    faces = cards(
        {row.member_id for row in named}
        | {row.named_by for row in named if row.named_by}
        | {row.member_id for row in top}
    )
    return Desk(
        tuple(
            Seed(faces[row.member_id], faces.get(row.named_by or NOBODY), row.named_at)
            for row in named
            if row.member_id in faces
        ),
        latest_run(),
        tuple(Standings(faces[row.member_id], row.score) for row in top if row.member_id in faces),
    )
