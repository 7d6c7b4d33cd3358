"""How many vouches a member may have open, and that parallel ones cannot exceed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel.clock import Clock, clock
from app.kernel.errors import Conflict
from app.platform.database import db, unit_of_work
from app.trust.scores.models import ReputationRun, ReputationScore
from app.trust.vouches.models import Vouch
from app.trust.vouches.queries import budget_of
from app.trust.vouches.service import vouch, withdraw
from app.trust.vouches.values import Strength
from tests.support.people import MemberFactory


def computed(scores: dict[int, float], members: int = 1000) -> None:
    """Reputation as if it had been computed."""
    now = clock.now()
    with unit_of_work():
        db.session.add(ReputationRun(started_at=now, beat_at=now, finished_at=now, members=members))
        db.session.add_all(
            ReputationScore(member_id=one, score=score, computed_at=now) for one, score in scores.items()
        )


def limits(member_id: int) -> list[int]:
    return [one.limit for one in budget_of(member_id).rations]


def fully(giver: int) -> int:
    query = select(func.count()).select_from(Vouch).where(Vouch.truster_id == giver)
    return db.session.scalar(query) or 0


def test_it_grows_with_standing(member: MemberFactory) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    assert limits(ana) == [50, 25, 10], "nobody's standing is known yet"
    computed({ana: 0.007, bo: 0.001})
    assert limits(ana) == [40, 20, 8]
    assert limits(bo) == [20, 10, 4]
    assert limits(cem) == [10, 5, 2]
    assert [one.strength for one in budget_of(cem).rations] == list(Strength)


def test_what_is_spent_comes_back(member: MemberFactory, fixed_clock: Clock) -> None:
    ana, *others = (member(one) for one in ("ana", "bo", "cem", "dee", "eve"))
    computed({})
    vouch(ana, others[0], "trust_fully")
    vouch(ana, others[1], "trust_fully", expires_at=fixed_clock.now() + timedelta(days=1))
    with pytest.raises(Conflict) as refusal:
        vouch(ana, others[2], "trust_fully")
    assert refusal.value.error_code == "vouch_budget"
    vouch(ana, others[0], "trust_fully", "a better reason")  # no new one
    vouch(ana, others[2], "trust")  # another strength
    with pytest.raises(Conflict):
        vouch(ana, others[2], "trust_fully")  # nor by a change
    fixed_clock.advance(timedelta(days=2))
    vouch(ana, others[2], "trust_fully")
    with pytest.raises(Conflict):
        vouch(ana, others[1], "trust_fully")  # the ended one would be a new one
    withdraw(ana, others[0])
    vouch(ana, others[1], "trust_fully")
    assert [one.left for one in budget_of(ana).rations] == [10, 5, 0]
    assert budget_of(ana, besides=others[1]).of(Strength.TRUST_FULLY).left == 1


def test_imported_vouches_do_not_count(member: MemberFactory) -> None:
    ana, *others = (member(one) for one in ("ana", "bo", "cem", "dee", "eve"))
    computed({})
    with unit_of_work():
        db.session.add_all(Vouch(truster_id=ana, trustee_id=one, weight=1.0) for one in others[:3])
    assert budget_of(ana).of(Strength.TRUST_FULLY).used == 0
    vouch(ana, others[3], "trust_fully")


def test_parallel_vouches_do_not_exceed_it(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")
    others = [member(f"m{one}") for one in range(8)]
    computed({})

    def careful(other: int) -> None:
        vouch(ana, other, "trust_fully")

    refused = at_once(app, others, careful)
    assert fully(ana) == 2
    assert {type(one) for one in refused} == {Conflict}
    assert len(refused) == 6


def test_the_race_is_lost_by_who_counts_before_the_lock(app: Flask, member: MemberFactory) -> None:
    """The naive twin of the service: the same rule, counted before the transaction."""
    ana = member("ana")
    others = [member(f"m{one}") for one in range(8)]
    computed({})
    counted = Barrier(len(others))

    def naive(other: int) -> None:
        left = budget_of(ana).of(Strength.TRUST_FULLY).left
        counted.wait(20)
        if not left:
            raise Conflict("too many")
        with unit_of_work():
            db.session.add(Vouch(truster_id=ana, trustee_id=other, weight=1.0, strength="trust_fully"))

    assert at_once(app, others, naive) == []
    assert fully(ana) == 8


def at_once(app: Flask, others: list[int], act: Callable[[int], None]) -> list[BaseException]:
    """Each in a thread and a session of its own; what was refused."""
    refused: list[BaseException] = []
    ready = Barrier(len(others))

    def work(other: int) -> None:
        with app.app_context():
            ready.wait(20)
            try:
                act(other)
            except Exception as problem:  # noqa: BLE001 - looked at by the test
                refused.append(problem)
            db.session.remove()

    threads = [Thread(target=work, args=(one,)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return refused
