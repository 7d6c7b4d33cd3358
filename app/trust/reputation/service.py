"""Naming seeds, and computing what follows from them.

`actor` is None for the operator at the command line and for the night's own run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from app.kernel.clock import clock
from app.kernel.errors import Conflict, DomainError, Invalid, NotFound
from app.kernel.ids import MemberId, RunId
from app.people.accounts.models import Member
from app.people.accounts.queries import is_active, require_role
from app.people.accounts.service import mark_certified
from app.people.accounts.values import OPERATOR
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.sql import insert_into, insert_or_ignore
from app.trust.circle.live_graph import live_graph
from app.trust.reputation.events import ReputationComputed, SeedDropped, SeedNamed
from app.trust.reputation.queries import seed_ids
from app.trust.scores.models import ReputationRun, ReputationScore, TrustSeed

RESTART = 0.5  # to the seeds, never to everybody: fakes would get their share by number
CHUNK = 2000  # standings written in one transaction
DEAD = timedelta(minutes=10)  # a run that says nothing for so long was broken off

Progress = Callable[[int, int], None]


def name_seed(actor: MemberId | None, member_id: MemberId) -> bool:
    """From now on reputation flows from this member too; False when it did already."""
    with unit_of_work() as unit:
        _require_operator(actor)
        if not is_active(member_id):
            raise NotFound("This member doesn’t exist.")
        if not insert_or_ignore(TrustSeed, {"member_id": member_id, "named_by": actor}):
            return False
        unit.record(SeedNamed(member_id=member_id, operator_id=actor))
    return True


def drop_seed(actor: MemberId | None, member_id: MemberId) -> None:
    """Reputation no longer begins with this member; it shows when it is computed next."""
    with unit_of_work() as unit:
        _require_operator(actor)
        gone = db.session.execute(delete(TrustSeed).where(TrustSeed.member_id == member_id))
        if not rows_changed(gone):
            raise NotFound("This member isn’t a seed.", code="no_seed")
        unit.record(SeedDropped(member_id=member_id, operator_id=actor))


def begin(actor: MemberId | None) -> RunId:
    """Enter a run, one at a time; whoever begins also calls `compute`, here or in a job."""
    now = clock.now()
    with unit_of_work():
        _require_operator(actor)
        if not seed_ids():
            raise Invalid("Add at least one seed first.", code="no_seeds")
        # What was broken off says nothing any more.
        db.session.execute(
            update(ReputationRun)
            .where(ReputationRun.running.is_not(None), ReputationRun.beat_at < now - DEAD)
            .values(running=None, finished_at=now, problem="broken off")
        )
        row = {"running": 1, "asked_by": actor, "started_at": now, "beat_at": now}
        # `running` is unique: of two that begin at once one is told so.
        entered = insert_into(ReputationRun).values(row).on_conflict_do_nothing().returning(ReputationRun.id)
        run_id = db.session.scalar(entered)
        if run_id is None:
            raise Conflict("Already running.", code="running")
        return RunId(run_id)


def compute(run_id: RunId, progress: Progress | None = None) -> None:
    """EigenTrust from the seeds for everybody, and who is certified; into the table, by and by.

    A run that has ended is left as it is: a job may be told twice.
    """
    if db.session.scalar(select(ReputationRun.running).where(ReputationRun.id == run_id)) is None:
        return
    step = progress or (lambda _done, _total: None)
    try:
        _compute(run_id, step)
    except Exception as problem:
        reason = problem.message if isinstance(problem, DomainError) else type(problem).__name__
        with unit_of_work():
            _end(run_id, problem=reason[:200])
        raise


def compute_nightly() -> bool:
    """The night's run; False when there is nothing to begin with, or somebody is at it."""
    if not seed_ids():
        _forget_all()
        return False
    try:
        run_id = begin(None)
    except Conflict:
        return False
    compute(run_id)
    return True


def _compute(run_id: RunId, step: Progress) -> None:
    seeds = seed_ids()
    trust = live_graph().trust()
    seeds = [one for one in seeds if one in trust]
    if not seeds:
        raise Invalid("None of the seeds has an active account.", code="no_seeds")
    _beat(run_id, 5, step)
    scores = trust.reputation(seeds, restart=RESTART, progress=lambda turn, _moved: step(5 + min(turn, 40), 100))
    _beat(run_id, 50, step)
    certified = {MemberId(int(one)) for one in trust.certified(seeds)}
    _beat(run_id, 60, step)
    standing = {MemberId(int(who)): min(1.0, score) for who, score in scores.items() if score > 0.0}
    at = clock.now()
    ids = sorted(standing)
    for start in range(0, len(ids), CHUNK):
        _store({one: standing[one] for one in ids[start : start + CHUNK]}, at)
        _beat(run_id, 60 + 35 * (start + CHUNK) // (len(ids) + CHUNK), step)
    marked = mark_certified(certified)
    with unit_of_work() as unit:
        db.session.execute(delete(ReputationScore).where(ReputationScore.computed_at < at))
        _end(run_id, members=len(ids), certified=marked)
        unit.record(ReputationComputed(run_id=run_id, members=len(ids), certified=marked))
    step(100, 100)


def _store(standing: dict[MemberId, float], at: datetime) -> None:
    with unit_of_work():
        there = set(db.session.scalars(select(Member.id).where(Member.id.in_(standing), Member.active)))
        db.session.execute(delete(ReputationScore).where(ReputationScore.member_id.in_(standing)))
        rows = [
            {"member_id": who, "score": score, "computed_at": at} for who, score in standing.items() if who in there
        ]
        if rows:
            db.session.execute(insert(ReputationScore), rows)


def _forget_all() -> None:
    """Without seeds there is no reputation."""
    with unit_of_work():
        if not rows_changed(db.session.execute(delete(ReputationScore))):
            return
        mark_certified(set())
        now = clock.now()
        db.session.add(ReputationRun(started_at=now, beat_at=now, finished_at=now, percent=100))


def _beat(run_id: RunId, percent: int, step: Progress) -> None:
    step(percent, 100)
    with unit_of_work():
        db.session.execute(
            update(ReputationRun)
            .where(ReputationRun.id == run_id)
            .values(percent=min(percent, 99), beat_at=clock.now())
        )


def _end(run_id: RunId, *, members: int = 0, certified: int = 0, problem: str | None = None) -> None:
    db.session.execute(
        update(ReputationRun)
        .where(ReputationRun.id == run_id)
        .values(
            running=None,
            finished_at=clock.now(),
            percent=100,
            members=members,
            certified=certified,
            problem=problem,
        )
    )


def _require_operator(actor: MemberId | None) -> None:
    if actor is not None:
        require_role(actor, OPERATOR)
