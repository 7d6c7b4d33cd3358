"""`Idempotency-Key` of the API: 24 hours long the same answer, whatever becomes of the line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.community.items.models import Item
from app.market.listings.models import Listing
from app.people.accounts.service import issue_token
from app.platform import idempotency
from app.platform.database import db
from app.platform.idempotency import OnceKey
from tests.integration.forms.test_sent_twice import AT_ONCE, at_once
from tests.support.people import MemberFactory

LISTING = {"kind": "give", "title": "A kettle", "category": "kitchen", "condition": "good", "place": "Graz"}


@pytest.fixture
def token(member: MemberFactory) -> str:
    return issue_token(member("ana"))


def head(token: str, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": key}


def listings() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Listing)) or 0


def test_the_same_call_again_gets_the_same_answer(client: FlaskClient, token: str, fixed_clock: Any) -> None:
    calls = [client.post("/api/v1/listings", json=LISTING, headers=head(token, "k1")) for _ in range(3)]
    assert [one.status_code for one in calls] == [201] * 3
    assert len({one.text for one in calls}) == 1
    assert [one.headers.get("Idempotency-Replayed") for one in calls] == [None, "true", "true"]
    assert listings() == 1
    assert client.post("/api/v1/listings", json=LISTING, headers=head(token, "k2")).status_code == 201
    assert listings() == 2
    fixed_clock.advance(timedelta(hours=24, seconds=1))
    assert client.post("/api/v1/listings", json=LISTING, headers=head(token, "k1")).status_code == 201
    assert listings() == 3


def test_another_body_with_the_same_key_is_refused(client: FlaskClient, token: str) -> None:
    assert client.post("/api/v1/listings", json=LISTING, headers=head(token, "k")).status_code == 201
    other = client.post("/api/v1/listings", json={**LISTING, "title": "Two"}, headers=head(token, "k"))
    assert (other.status_code, other.json["code"]) == (409, "key_used")
    elsewhere = client.post("/api/v1/items", json={"kind": "product", "title": "T"}, headers=head(token, "k"))
    assert (elsewhere.status_code, elsewhere.json["code"]) == (409, "key_used")
    assert listings() == 1
    assert db.session.scalar(select(func.count()).select_from(Item)) == 0


def test_a_refused_call_can_be_mended_with_the_same_key(client: FlaskClient, token: str) -> None:
    bad = client.post("/api/v1/listings", json={**LISTING, "title": ""}, headers=head(token, "k"))
    assert bad.status_code == 422
    assert client.post("/api/v1/listings", json=LISTING, headers=head(token, "k")).status_code == 201


def test_keys_are_their_members_own(client: FlaskClient, token: str, member: MemberFactory) -> None:
    other = issue_token(member("bo"))
    for one in (token, other):
        assert client.post("/api/v1/listings", json=LISTING, headers=head(one, "k")).status_code == 201
    assert listings() == 2
    nobody = client.post("/api/v1/listings", json=LISTING, headers=head("unknown", "k"))
    assert nobody.status_code == 401


@pytest.mark.parametrize("key", ["k" * 300, "a\tb"])
def test_a_key_has_bounds(client: FlaskClient, token: str, key: str) -> None:
    answer = client.post("/api/v1/listings", json=LISTING, headers=head(token, key))
    assert (answer.status_code, answer.json["code"]) == (422, "bad_key")


def test_calls_at_once_make_one_thing(app: Flask, token: str) -> None:
    def call() -> Any:
        return app.test_client().post("/api/v1/listings", json=LISTING, headers=head(token, "k"))

    answers = at_once([call] * AT_ONCE)
    assert [one.status_code for one in answers] == [201] * AT_ONCE
    assert len({one.json["id"] for one in answers}) == 1
    assert listings() == 1


def test_old_keys_are_forgotten_and_go_with_their_member(
    app: Flask, client: FlaskClient, token: str, fixed_clock: Any
) -> None:
    client.post("/api/v1/listings", json=LISTING, headers=head(token, "k"))
    idempotency.forget_old()
    assert db.session.scalar(select(func.count()).select_from(OnceKey)) == 1
    member_id = db.session.scalar(select(OnceKey.member_id)) or 0
    fixed_clock.advance(timedelta(hours=25))
    idempotency.forget_old()
    assert db.session.scalar(select(func.count()).select_from(OnceKey)) == 0
    client.post("/api/v1/listings", json=LISTING, headers=head(token, "k"))
    idempotency.erase(member_id)
    assert db.session.scalar(select(func.count()).select_from(OnceKey)) == 0
