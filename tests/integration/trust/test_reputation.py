"""Seeds, standing and the seal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import Clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.people.accounts.models import Member
from app.people.data_requests.queries import export_member
from app.people.data_requests.service import erase_member
from app.people.profiles.queries import cards
from app.platform.database import db, unit_of_work
from app.trust.reputation import checks, queries, service
from app.trust.scores.models import ReputationRun, ReputationScore
from app.trust.scores.queries import rank_of
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

People = dict[str, int]


@pytest.fixture
def people(member: MemberFactory) -> People:
    """ana vouches for bo, who vouches for cem; the fakes know only each other."""
    found = {one: member(one) for one in ("ana", "bo", "cem", "fake1", "fake2")}
    found["op"] = member("op", role="operator")
    vouch(found["ana"], found["bo"], "trust")
    vouch(found["bo"], found["cem"], "trust")
    vouch(found["fake1"], found["fake2"], "trust_fully")
    vouch(found["fake2"], found["fake1"], "trust_fully")
    return found


def standing() -> dict[int, float]:
    return {
        row.member_id: row.score for row in db.session.execute(select(ReputationScore.member_id, ReputationScore.score))
    }


def compute() -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    service.compute(service.begin(None), lambda done, total: seen.append((done, total)))
    return seen


def test_standing_flows_from_the_seeds_alone(people: People) -> None:
    assert not rank_of(people["ana"]).known
    service.name_seed(people["op"], people["ana"])
    progress = compute()
    found = standing()
    assert set(found) == {people[one] for one in ("ana", "bo", "cem")}, "no fake gets anything"
    assert found[people["ana"]] > found[people["bo"]] > found[people["cem"]]
    assert sum(found.values()) == pytest.approx(1.0)
    assert progress[-1] == (100, 100)
    assert [done for done, _total in progress] == sorted(done for done, _total in progress)
    assert rank_of(people["bo"]).members == 3
    run = queries.latest_run()
    assert run is not None
    assert (run.running, run.percent, run.members, run.certified) == (False, 100, 3, 3)
    faces = cards(people.values())
    assert {face.handle for face in faces.values() if face.certified} == {"ana", "bo", "cem"}
    assert list(checks.run()) == []


def test_computing_again_replaces_what_stood(people: People) -> None:
    service.name_seed(None, people["ana"])
    compute()
    service.drop_seed(None, people["ana"])
    service.name_seed(None, people["fake1"])
    compute()
    assert set(standing()) == {people["fake1"], people["fake2"]}
    assert {face.handle for face in cards(people.values()).values() if face.certified} == {"fake1", "fake2"}
    service.drop_seed(None, people["fake1"])
    assert service.compute_nightly() is False
    assert standing() == {}
    assert not rank_of(people["ana"]).known
    assert not any(face.certified for face in cards(people.values()).values())


def test_only_the_operator_names_seeds(people: People) -> None:
    for attempt in (
        lambda: service.name_seed(people["ana"], people["ana"]),
        lambda: service.drop_seed(people["ana"], people["ana"]),
        lambda: service.begin(people["ana"]),
        lambda: queries.desk(people["ana"]),
    ):
        with pytest.raises(Forbidden):
            attempt()
    with pytest.raises(NotFound):
        service.name_seed(people["op"], 10_000)
    with pytest.raises(NotFound):
        service.drop_seed(people["op"], people["bo"])
    with pytest.raises(Invalid):
        service.begin(people["op"])
    assert service.name_seed(people["op"], people["bo"])
    assert not service.name_seed(people["op"], people["bo"])
    assert queries.seed_handles() == ["bo"]


def test_one_run_at_a_time_and_a_broken_off_one_is_over(people: People, fixed_clock: Clock) -> None:
    service.name_seed(None, people["ana"])
    service.begin(people["op"])
    with pytest.raises(Conflict):
        service.begin(None)
    assert service.compute_nightly() is False
    fixed_clock.advance(timedelta(minutes=11))
    assert service.compute_nightly()
    states = db.session.scalars(select(ReputationRun.problem).order_by(ReputationRun.id))
    assert list(states) == ["broken off", None]


def test_a_failed_run_says_so(people: People, app: Flask) -> None:
    service.name_seed(None, people["ana"])
    run_id = service.begin(None)
    with unit_of_work():
        db.session.get_one(Member, people["ana"]).active = False
    with pytest.raises(Invalid):
        service.compute(run_id)
    run = queries.latest_run()
    assert run is not None
    assert not run.running
    assert run.problem
    assert not rank_of(people["bo"]).known


def test_export_and_erase(people: People) -> None:
    service.name_seed(people["op"], people["ana"])
    compute()
    told = export_member(people["ana"])["standing"]
    assert told["seed"] is True
    erase_member(people["ana"], "ana")
    assert queries.seed_handles() == []
    assert people["ana"] not in standing()
    assert not cards([people["ana"]])[people["ana"]].certified


def test_the_check_finds_what_cannot_be(people: People, fixed_clock: Clock) -> None:
    with unit_of_work():
        db.session.get_one(Member, people["bo"]).certified = True
        db.session.add_all(
            ReputationScore(member_id=people[one], score=0.7, computed_at=fixed_clock.now()) for one in ("ana", "cem")
        )
    assert len(list(checks.run())) == 2
