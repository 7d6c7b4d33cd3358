"""The pages of Flask-Security write too: many at once must all come through."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.people.accounts.models import Member
from app.platform.database import EventRow, db
from tests.support.people import PASSWORD, MemberFactory, sign_in

CROWD = 16
NEW = "quite another passphrase"
Task = Callable[[int], TestResponse]


@pytest.fixture
def crowd(app: Flask, member: MemberFactory) -> list[int]:
    app.config["WTF_CSRF_ENABLED"] = False
    return [member(f"p{number}_", password=PASSWORD) for number in range(CROWD)]


def at_once(task: Task) -> Counter[int]:
    gate = threading.Barrier(CROWD)

    def run(number: int) -> int:
        gate.wait(timeout=60)
        return task(number).status_code

    with ThreadPoolExecutor(CROWD) as pool:
        found = Counter(pool.map(run, range(CROWD)))
    db.session.rollback()
    return found


def from_house(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"127.0.2.{number + 1}"}


def reset_token(app: Flask, ident: int) -> str:
    with app.test_request_context():
        token = generate_reset_password_token(  # type: ignore[no-untyped-call]
            db.session.get_one(Member, ident)
        )
    db.session.rollback()
    return str(token)


def events(name: str) -> int:
    return db.session.scalar(select(func.count()).where(EventRow.name == name)) or 0


def test_signing_in_and_out(app: Flask, crowd: list[int]) -> None:
    clients = [app.test_client() for _one in crowd]

    def enter(number: int) -> TestResponse:
        form = {"email": f"p{number}_", "password": PASSWORD}
        return clients[number].post("/login", data=form, environ_overrides=from_house(number))

    assert at_once(enter) == {302: CROWD}
    assert at_once(lambda number: clients[number].post("/logout")) == {302: CROWD}
    assert events("SignedOut") == CROWD


def test_changing_passwords(app: Flask, crowd: list[int]) -> None:
    clients = [app.test_client() for _one in crowd]
    for number, client in enumerate(clients):
        sign_in(app, client, f"p{number}_")

    def change(number: int) -> TestResponse:
        form = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
        return clients[number].post("/settings/password", data=form, environ_overrides=from_house(number))

    before = set(db.session.scalars(select(Member.password)))
    assert at_once(change) == {302: CROWD}
    assert not before & set(db.session.scalars(select(Member.password)))
    assert events("SignedOut") == CROWD


def test_forgotten_passwords(app: Flask, crowd: list[int]) -> None:
    tokens = [reset_token(app, ident) for ident in crowd]

    def reset(number: int) -> TestResponse:
        form = {"password": NEW, "password_confirm": NEW}
        return app.test_client().post(f"/reset/{tokens[number]}", data=form, environ_overrides=from_house(number))

    assert at_once(reset) == {302: CROWD}
    assert events("SignedOut") == CROWD

    def again(number: int) -> TestResponse:
        form = {"email": f"p{number}_", "password": NEW}
        return app.test_client().post("/login", data=form, environ_overrides=from_house(number))

    assert at_once(again) == {302: CROWD}


def test_one_reset_link_used_many_times_at_once_counts_once(app: Flask, crowd: list[int]) -> None:
    token = reset_token(app, crowd[0])

    def reset(number: int) -> TestResponse:
        form = {"password": f"passphrase {number:04}", "password_confirm": f"passphrase {number:04}"}
        return app.test_client().post(f"/reset/{token}", data=form, environ_overrides=from_house(number))

    found = at_once(reset)
    # Who comes too late meets either a link that is used (a redirect) or a changed account (409).
    assert set(found) <= {302, 409}
    assert events("SignedOut") == 1
