"""32 people at the same moment: nothing is lost and nothing answers 500, on either database."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.messaging.conversations.models import Message
from app.people.accounts.models import Member
from app.people.accounts.service import issue_token
from app.platform.database import EventRow, db, unit_of_work
from app.trust.vouches.models import Vouch
from tests.support.people import MemberFactory

CROWD = 32
Task = Callable[[int], TestResponse]


def at_once(task: Task) -> list[TestResponse]:
    """Runs the task for 0 … 31 in as many threads, which start together."""
    gate = threading.Barrier(CROWD)

    def run(number: int) -> TestResponse:
        gate.wait(timeout=30)
        return task(number)

    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(run, range(CROWD)))


def statuses(answers: list[TestResponse]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def count(model: type[Any], *where: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


@pytest.fixture
def crowd(app: Flask, member: MemberFactory) -> list[str]:
    """Tokens of 32 members, `p0` … `p31`."""
    return [issue_token(member(f"p{number}")) for number in range(CROWD)]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_sign_ups(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False

    def register(number: int) -> TestResponse:
        form = {
            "handle": f"new{number}",
            "name": f"New {number}",
            "email": f"new{number}@example.org",
            "password": "a passphrase of their own",
            "password_confirm": "a passphrase of their own",
        }
        # Each from a house of its own: the limit per address is another test's matter.
        return app.test_client().post(
            "/register", data=form, environ_overrides={"REMOTE_ADDR": f"127.0.1.{number + 1}"}
        )

    answers = at_once(register)
    assert statuses(answers) == {302: CROWD}, next(a.text for a in answers if a.status_code != 302)
    assert count(Member, Member.handle.startswith("new")) == CROWD
    assert count(EventRow, EventRow.name == "MemberJoined") == CROWD


def test_the_same_handle_is_given_once(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False

    def register(number: int) -> TestResponse:
        form = {
            "handle": "wanted",
            "name": "Wanted",
            "email": f"wanted{number}@example.org",
            "password": "a passphrase of their own",
            "password_confirm": "a passphrase of their own",
        }
        return app.test_client().post(
            "/register", data=form, environ_overrides={"REMOTE_ADDR": f"127.0.1.{number + 1}"}
        )

    assert statuses(at_once(register)) == {302: 1, 422: CROWD - 1}
    assert count(Member, Member.handle == "wanted") == 1


def test_vouches_for_one_member(app: Flask, member: MemberFactory, crowd: list[str]) -> None:
    target = member("ana")

    def give(number: int) -> TestResponse:
        wish = {"member": "ana", "strength": "trust", "reason": "We shared a garden."}
        return app.test_client().post("/api/v1/vouches", json=wish, headers=bearer(crowd[number]))

    answers = at_once(give)
    assert statuses(answers) == {201: CROWD}
    assert count(Vouch, Vouch.trustee_id == target) == CROWD
    assert count(EventRow, EventRow.name == "VouchGiven") == CROWD


def test_vouches_in_a_ring_do_not_wait_for_each_other(app: Flask, crowd: list[str]) -> None:
    """Everybody vouches for their neighbour and is vouched for: the shape that deadlocks."""

    def give(number: int) -> TestResponse:
        wish = {"member": f"p{(number + 1) % CROWD}", "strength": "trust_fully"}
        return app.test_client().post("/api/v1/vouches", json=wish, headers=bearer(crowd[number]))

    assert statuses(at_once(give)) == {201: CROWD}
    assert count(Vouch) == CROWD


def test_messages_in_one_conversation_are_numbered_without_a_gap(app: Flask, crowd: list[str]) -> None:
    everybody = {"members": [f"p{number}" for number in range(1, CROWD)], "title": "The market square"}
    opened = app.test_client().post("/api/v1/conversations", json=everybody, headers=bearer(crowd[0]))
    assert opened.status_code == 201, opened.text
    room = opened.get_json()["id"]

    def write(number: int) -> TestResponse:
        message = {"client_id": f"once-{number}", "body": f"Hello from {number}"}
        return app.test_client().post(
            f"/api/v1/conversations/{room}/messages", json=message, headers=bearer(crowd[number])
        )

    answers = at_once(write)
    assert set(statuses(answers)) <= {200, 201}, statuses(answers)
    assert sorted(answer.get_json()["seq"] for answer in answers) == list(range(1, CROWD + 1))
    # Sent again, as after a lost connection: the same messages, not new ones.
    again = at_once(write)
    assert [answer.get_json()["id"] for answer in again] == [answer.get_json()["id"] for answer in answers]
    assert count(Message) == CROWD


@pytest.mark.databases("sqlite")
def test_the_harness_sees_what_a_naive_write_loses(app: Flask, member: MemberFactory) -> None:
    """Read, think, write without a lock: the same crowd must lose something, or it proves nothing."""
    ident = member("ana", bio="0")

    gate = threading.Barrier(CROWD)

    def read_then_write(_number: int) -> None:
        with app.app_context():
            seen = int(db.session.scalar(select(Member.bio).where(Member.id == ident)) or 0)
            db.session.rollback()
            gate.wait(timeout=30)
            with unit_of_work():
                db.session.execute(update(Member).where(Member.id == ident).values(bio=str(seen + 1)))

    def read_inside(_number: int) -> None:
        with app.app_context():
            gate.wait(timeout=30)
            with unit_of_work():
                row = db.session.get_one(Member, ident)
                row.bio = str(int(row.bio) + 1)

    def grow(task: Callable[[int], None]) -> int:
        with ThreadPoolExecutor(CROWD) as pool:
            list(pool.map(task, range(CROWD)))
        db.session.rollback()
        return int(db.session.scalar(select(Member.bio).where(Member.id == ident)) or 0)

    naive = grow(read_then_write)
    assert naive < CROWD
    assert grow(read_inside) == naive + CROWD
