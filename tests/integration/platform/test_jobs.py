"""Jobs run at least once and do no harm a second time; periodic ones are queued once for all workers."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.kernel.clock import Clock
from app.notifications.delivery.views import JOB_TITLES
from app.platform import checks, job_queue, jobs
from app.platform.database import db, unit_of_work
from app.platform.job_queue import JobRow
from app.platform.mail import send_mail
from app.trust.reputation import service as reputation
from tests.support.mailbox import mail_server
from tests.support.people import MemberFactory

both = pytest.mark.databases("sqlite", "postgres")
LETTER = {"to": "ana@example.org", "subject": "Hello", "text": "the text", "ref": "r1"}


@pytest.fixture(autouse=True)
def _queued(app: Flask) -> None:
    app.extensions["kin_jobs_at_once"] = False


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A job `trial` that notes what it is given."""
    ran: list[str] = []

    def note(what: str) -> None:
        ran.append(what)

    monkeypatch.setitem(jobs._KINDS.here(), "trial", jobs.Kind("trial", note))
    return ran


# Shown beside what it needs: tests/integration/payments/providers/test_cards.py.
ELSEWHERE = {"refund_at_provider"}


def work(lane: str = jobs.MAIN, owner: str = "me") -> int:
    done = 0
    while jobs.run_one(lane, owner):
        done += 1
    return done


def waiting() -> list[tuple[str, str, int]]:
    db.session.rollback()
    return [(row.name, row.state, row.tries) for row in db.session.scalars(select(JobRow).order_by(JobRow.id))]


def _all_rows() -> dict[str, list[str]]:
    """Everything that is stored, without the queue itself and without times."""
    db.session.rollback()
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name.startswith("job"):
            continue
        columns = [one for one in table.columns if not one.name.endswith(("_at", "_until")) and one.name != "at"]
        rows = db.session.execute(select(*columns)) if columns else ()
        found[table.name] = sorted(json.dumps(list(row), default=str) for row in rows)
    db.session.rollback()
    return found


@both
def test_every_kind_killed_midway_runs_again_and_does_no_harm(
    app: Flask, member: MemberFactory, fixed_clock: Clock
) -> None:
    member("ana")
    member("bo", email="bo@example.org")
    cem = member("cem", unconfirmed_email="cem@example.org")
    olga = member("olga", role="operator")
    reputation.name_seed(olga, olga)
    run_id = reputation.begin(olga)
    arguments: dict[str, dict[str, Any]] = {
        "send_mail": LETTER,
        "mail_confirmation": {"member_id": cem, "ref": "r2"},
        "mail_reset_link": {"identity": "bo", "ref": "r3"},
        "trust.compute_reputation": {"run_id": run_id},
    }
    with mail_server() as mailbox:
        app.config["KIN"] = replace(app.config["KIN"], mail_url=mailbox.url)
        for kind in jobs.kinds().values():
            if kind.name in ELSEWHERE:
                continue
            jobs.enqueue(kind.name, **arguments.get(kind.name, {}))
            # One process takes it, does all of it, and is killed before it can say so.
            killed = job_queue.claim([kind.name], "killed")
            assert killed is not None
            kind.function(**killed.arguments)
            before = _all_rows()
            assert job_queue.claim([kind.name], "other") is None, kind.name
            fixed_clock.advance(job_queue.LEASE + timedelta(seconds=1))
            assert jobs.run_one(kind.lane, "other"), kind.name
            assert waiting() == [], kind.name
            after = _all_rows()
            assert [name for name in before if before[name] != after[name]] == [], kind.name
            job_queue.done(killed, "killed")  # a claim that was lost says nothing any more
        sent = Counter((one["To"], one["Message-ID"]) for one in mailbox.messages)
        assert sorted(to for to, _ident in sent) == ["ana@example.org", "bo@example.org", "cem@example.org"]
        assert set(sent.values()) == {2}, "the second time it is the same message"


@both
def test_a_job_stands_and_falls_with_what_wanted_it(app: Flask, trial: list[str]) -> None:
    with pytest.raises(RuntimeError), unit_of_work():
        jobs.enqueue("trial", what="undone")
        raise RuntimeError
    assert waiting() == []
    with unit_of_work():
        jobs.enqueue("trial", what="done")
    jobs.enqueue("trial", what="alone")
    assert work() == 2
    assert trial == ["done", "alone"]


@both
def test_workers_do_not_do_one_job_twice(app: Flask, trial: list[str], fixed_clock: Clock) -> None:
    wanted = [f"{number:02}" for number in range(24)]
    for one in wanted:
        jobs.enqueue("trial", what=one)
    _race(app, 4, lambda number: work(owner=f"worker-{number}"))
    assert sorted(trial) == wanted
    assert waiting() == []


@both
def test_periodic_jobs_are_queued_once_for_all_workers(app: Flask, fixed_clock: Clock) -> None:
    periodic = {kind.name: kind.minutes for kind in jobs.kinds().values() if kind.minutes}
    assert len(periodic) > 4
    assert jobs.queue_due() == 0, "a first start is no turn"
    fixed_clock.advance(timedelta(days=1))
    _race(app, 4, lambda _number: jobs.queue_due())
    assert sorted(name for name, _state, _tries in waiting()) == sorted(periodic)
    fixed_clock.advance(timedelta(minutes=10))
    _race(app, 4, lambda _number: jobs.queue_due())
    often = [name for name, minutes in periodic.items() if minutes <= 10]
    assert sorted(name for name, _state, _tries in waiting()) == sorted([*periodic, *often])


def test_the_race_catches_a_naive_clock(app: Flask, fixed_clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = threading.Barrier(2)

    def naive(name: str, turn: int) -> bool:
        row = db.session.get(job_queue.JobClockRow, name)
        return row is None or row.turn < turn

    def queue_due() -> None:
        mine = naive("sweep_photos", 7)
        db.session.rollback()
        seen.wait(10)
        if mine:
            job_queue.add("sweep_photos", {})

    _race(app, 2, lambda _number: queue_due())
    assert len(waiting()) == 2


def _race(app: Flask, workers: int, act: Callable[[int], object]) -> None:
    start = threading.Barrier(workers)

    def run(number: int) -> None:
        with app.app_context():
            start.wait(20)
            act(number)
            db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


def test_a_job_that_kills_its_process_is_given_up(app: Flask, trial: list[str], fixed_clock: Clock) -> None:
    jobs.enqueue("trial", what="deadly")
    for _ in range(jobs.TRIES):
        assert job_queue.claim(["trial"], "killed") is not None
        fixed_clock.advance(job_queue.LEASE * 2)
    assert work() == 1
    assert (waiting(), trial) == ([("trial", "parked", jobs.TRIES + 1)], [])


def test_a_worker_keeps_what_it_works_on_and_leaves_the_rest(app: Flask, trial: list[str], fixed_clock: Clock) -> None:
    jobs.enqueue("trial", what="long")
    assert job_queue.claim(["trial"], "me") is not None
    assert not job_queue.somebody_works()
    for _ in range(5):
        job_queue.keep("me")
        fixed_clock.advance(job_queue.LEASE * 0.8)
        assert job_queue.claim(["trial"], "other") is None
    assert job_queue.somebody_works()
    job_queue.leave("me")
    assert not job_queue.somebody_works()
    assert job_queue.claim(["trial"], "other") is not None


def test_account_mail_outlasts_hours_of_451(
    app: Flask, member: MemberFactory, client: FlaskClient, signed_in: Callable[..., FlaskClient], fixed_clock: Clock
) -> None:
    member("olga", role="operator")
    with mail_server() as mailbox:
        app.config["KIN"] = replace(app.config["KIN"], mail_url=mailbox.url)
        mailbox.answer = "451 come back later"
        send_mail("ana@example.org", "Choose a new password", "the link")
        begun = fixed_clock.now()
        _try_until(fixed_clock, lambda: fixed_clock.now() - begun > timedelta(hours=8))
        assert waiting()[0][1] == "waiting"
        mailbox.answer = "250 ok"
        _try_until(fixed_clock, lambda: bool(mailbox.messages))
        assert (waiting(), len(mailbox.messages)) == ([], 1)

        mailbox.answer = "451 come back later"
        send_mail("bo@example.org", "Another", "the secret link")
        _try_until(fixed_clock, lambda: waiting()[0][1] == "parked")
        olga = signed_in(client, "olga")
        page = olga.get("/operator/deliveries").get_data(as_text=True)
        assert "bo@example.org" in page
        assert "451" in page
        assert "Email: Another" in page
        assert "send_mail" not in page
        assert "the secret link" not in page
        assert any("bo@example.org" in line for line in checks.run_checks()["jobs"])
        mailbox.answer = "250 ok"
        ident = db.session.scalar(select(JobRow.id))
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token is not None
        again = olga.post(f"/operator/deliveries/jobs/{ident}", data={"csrf_token": token[1]})
        assert again.status_code == 303
        assert work("mail") == 1
        assert len(mailbox.messages) == 2


def _try_until(fixed_clock: Clock, enough: Callable[[], bool]) -> None:
    for _ in range(60):
        work("mail")
        if enough():
            return
        fixed_clock.advance(timedelta(hours=1))
    raise AssertionError("never")


def test_what_will_never_be_taken_is_given_up_at_once(app: Flask) -> None:
    with mail_server() as mailbox:
        app.config["KIN"] = replace(app.config["KIN"], mail_url=mailbox.url)
        mailbox.answer = "550 nobody here"
        send_mail("nobody@example.org", "Hello", "text")
        send_mail("ana@-.example", "Hello", "text")
        assert work("mail") == 2
    states = waiting()
    assert ("send_mail", "parked", 1) in states


def test_a_mail_server_that_hangs_delays_nothing_else(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lanes themselves, in their threads."""
    hanging, let_go, done = threading.Event(), threading.Event(), threading.Event()

    def hang(**_letter: object) -> None:
        hanging.set()
        let_go.wait(20)

    monkeypatch.setitem(jobs._KINDS.here(), "send_mail", replace(jobs.kinds()["send_mail"], function=hang))
    monkeypatch.setitem(jobs._KINDS.here(), "trial", jobs.Kind("trial", done.set))
    jobs._STEADY.here().clear()
    monkeypatch.setattr(jobs.event_log, "run_reactions", lambda: 0)
    background = jobs.Background(app)
    background.start()
    try:
        send_mail("ana@example.org", "Hello", "text")
        assert hanging.wait(10)
        jobs.enqueue("trial")
        assert done.wait(10)
        assert not background.stop(0.2), "it would have said that all is done"
    finally:
        let_go.set()
        assert background.stop(10)
    assert waiting() == []


def test_an_old_row_of_an_unknown_kind_stays(app: Flask, trial: list[str]) -> None:
    """A newer process has put it there: it is not this one's to lose."""
    job_queue.add("of_tomorrow", {})
    assert work() == 0
    assert waiting() == [("of_tomorrow", "waiting", 0)]
    with unit_of_work():
        db.session.execute(update(JobRow).values(name="trial", arguments={"what": "now"}))
    assert work() == 1


def test_every_kind_that_can_be_given_up_has_a_name_that_people_read() -> None:
    assert set(jobs.kinds()) <= set(JOB_TITLES)
