"""Whatever is unique, asked for by many at once: one is first, the others are told so, nobody gets an error."""

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

from app.community.items.service import add_item
from app.community.questions.service import publish_question
from app.community.questions.values import QuestionDraft
from app.community.recommendations.service import recommend
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.marketing.advocates.models import AdvocateRecord
from app.merchants.stores.models import Store
from app.merchants.stores.service import open_store
from app.messaging.conversations.service import start_conversation
from app.messaging.groups.service import open_room
from app.people.accounts.service import issue_token
from app.people.invites.models import Invite
from app.platform import event_log
from app.platform.database import db, unit_of_work
from app.trust.referrals.service import record_referral
from app.trust.reputation import service as reputation
from app.trust.trades.service import record_trade
from app.trust.upheld_reports.service import record_upheld
from tests.support.people import MemberFactory, sign_in

CROWD = 10


@pytest.fixture
def town(app: Flask, member: MemberFactory, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    app.config["WTF_CSRF_ENABLED"] = False
    ana, bo = member("ana"), member("bo")
    member("mia", role="merchant")
    member("olga", role="operator")
    item = add_item(bo, kind="product", title="Kettle")
    return {
        "ana": ana,
        "bo": bo,
        "item": item,
        "said": recommend(bo, item, "recommend", text="good"),
        "listing": publish_listing(bo, ListingDraft(kind="give", title="Lamp", category="home", condition="good")),
        "room": open_room(bo, "Tea drinkers"),
        "ask": publish_question(bo, QuestionDraft(text="Who mends kettles?", reach=4)),
        "talk": start_conversation(ana, [bo])[0],
    }


def at_once(app: Flask, task: Callable[[int], Any]) -> list[Any]:
    gate = threading.Barrier(CROWD)

    def run(number: int) -> Any:
        with app.app_context():
            gate.wait(timeout=30)
            return task(number)

    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(run, range(CROWD)))


# Who, method, address, and what is sent: each writes a row that may be there once.
PAGES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "save a listing": ("ana", "/market/{listing}/save", {}),
    "open a store": ("mia", "/store", {"name": "Mia's", "slug": "mias", "about": "Tea"}),
    "name a seed": ("olga", "/trust/reputation/seeds", {"handle": "bo"}),
    "compute the reputation": ("olga", "/trust/reputation/compute", {}),
    "block": ("ana", "/m/bo/block", {}),
    "mute": ("ana", "/people/bo/mute", {}),
    "vouch": ("ana", "/vouch/bo", {"strength": "trust", "reason": "Neighbours."}),
    "join a room": ("ana", "/rooms/{room}/join", {}),
    "helpful": ("ana", "/recommendations/{said}/helpful", {}),
    "keep a recommendation": ("ana", "/recommendations/{said}/save", {}),
    "speak for a store": ("ana", "/s/bos/advocate", {}),
    "report": ("ana", "/report/listing/{listing}", {"reason": "other", "text": "odd"}),
    "renew the invitation": ("ana", "/settings/invite/renew", {}),
    "another day": ("ana", "/settings/notifications", {"timezone": "Europe/Berlin"}),
}


@pytest.mark.parametrize("what", PAGES)
def test_pages(app: Flask, town: dict[str, Any], member: MemberFactory, what: str) -> None:
    who, address, form = PAGES[what]
    if what == "speak for a store":
        member("ben", role="merchant")
        open_store(member("bess", role="merchant"), name="Bess", slug="bos")
    path = address.format(**town)
    if not _has_route(app, path):
        pytest.fail(f"{path} is no address of the application")
    clients = []
    for _ in range(CROWD):
        client = app.test_client()
        sign_in(app, client, who)
        clients.append(client)
    answers: list[TestResponse] = at_once(app, lambda number: clients[number].post(path, data=form))
    assert all(answer.status_code < 500 for answer in answers), Counter(answer.status_code for answer in answers)
    assert any(answer.status_code < 400 for answer in answers)


def _has_route(app: Flask, path: str) -> bool:
    from werkzeug.exceptions import HTTPException

    try:
        app.url_map.bind("localhost").match(path, method="POST")
    except HTTPException:
        return False
    return True


API: dict[str, tuple[str, str, dict[str, Any]]] = {
    "recommend": ("POST", "/recommendations", {"item": "{item}", "stance": "recommend", "disclosure": "none"}),
    "an item with a number": ("POST", "/items", {"title": "Pan", "kind": "product", "gtin": "4006381333931"}),
    "an item with an address": ("POST", "/items", {"title": "Pan", "kind": "product", "url": "https://pan.example/1"}),
    "a conversation": ("POST", "/conversations", {"members": ["bo"], "listing": "{listing}"}),
    "a message": ("POST", "/conversations/{talk}/messages", {"client_id": "once", "body": "Hello"}),
    "an answer": ("POST", "/asks/{ask}/answers", {"item": "{item}", "text": "this one", "disclosure": "none"}),
    "a saved search": ("POST", "/saved-searches", {"q": "kettle"}),
    "a report": ("POST", "/reports", {"subject_kind": "item", "subject_id": "{item}", "reason": "other"}),
    "preferences": ("PUT", "/notifications/preferences", {}),
    "a helpful vote": ("PUT", "/recommendations/{said}/helpful", {}),
    "a kept recommendation": ("PUT", "/recommendations/{said}/saved", {}),
    "a mute": ("PUT", "/mutes/bo", {}),
    "a vouch": ("POST", "/vouches", {"member": "bo", "strength": "trust"}),
}


@pytest.mark.parametrize("what", API)
def test_calls(app: Flask, town: dict[str, Any], what: str) -> None:
    method, address, body = API[what]
    headers = {"Authorization": f"Bearer {issue_token(town['ana'])}"}
    path = "/api/v1" + address.format(**town)
    sent = {name: value.format(**town) if isinstance(value, str) else value for name, value in body.items()}
    answers: list[TestResponse] = at_once(
        app, lambda _number: app.test_client().open(path, method=method, json=sent, headers=headers)
    )
    assert all(answer.status_code < 500 for answer in answers), Counter(answer.status_code for answer in answers)
    assert any(answer.status_code < 300 for answer in answers), answers[0].text
    assert not any(answer.status_code == 404 for answer in answers), answers[0].text


SERVICES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "record_referral": lambda town: record_referral(town["ana"], town["bo"]),
    "record_trade": lambda town: record_trade("order-1", town["ana"], town["bo"]),
    "name_seed": lambda town: reputation.name_seed(None, town["bo"]),
}


@pytest.mark.parametrize("name", SERVICES)
def test_of_many_one_writes_and_the_others_learn_it(app: Flask, town: dict[str, Any], name: str) -> None:
    assert Counter(at_once(app, lambda _number: SERVICES[name](town))) == {True: 1, False: CROWD - 1}


def test_a_store_and_a_run_of_the_reputation_are_one(app: Flask, town: dict[str, Any], member: MemberFactory) -> None:
    mia = db.session.scalar(select(Store.owner_id)) or member("max", role="merchant")
    reputation.name_seed(None, town["bo"])

    def code(task: Callable[[], Any]) -> str:
        try:
            task()
        except Exception as problem:  # noqa: BLE001 - what a writer gets is the answer
            return str(getattr(problem, "error_code", type(problem).__name__))
        return "done"

    opened = Counter(at_once(app, lambda _number: code(lambda: open_store(mia, name="Max", slug="max"))))
    assert opened == {"done": 1, "taken": CROWD - 1}
    begun = Counter(at_once(app, lambda _number: code(lambda: reputation.begin(None))))
    assert begun == {"done": 1, "running": CROWD - 1}


def test_two_changes_of_different_fields_both_stand(app: Flask, town: dict[str, Any]) -> None:
    """A lost update: whoever reads first and writes the whole undoes what came between."""
    headers = {"Authorization": f"Bearer {issue_token(town['bo'])}"}
    doors: dict[str, list[dict[str, Any]]] = {
        f"/listings/{town['listing']}": [{"title": "A better lamp"}, {"description": "Of brass"}, {"place": "Riga"}],
        f"/asks/{town['ask']}": [{"text": "Who mends old kettles?"}, {"topic": "kettles"}, {"place": "Riga"}],
        f"/recommendations/{town['said']}": [{"text": "very good"}, {"rating": 4}, {"stance": "neutral"}],
    }
    for path, changes in doors.items():
        answers = at_once(
            app,
            lambda number, path=path, changes=changes: app.test_client().patch(
                f"/api/v1{path}", json=changes[number % len(changes)], headers=headers
            ),
        )
        assert {answer.status_code for answer in answers} == {200}
        now = app.test_client().get(f"/api/v1{path}", headers=headers).get_json()
        for change in changes:
            for name, value in change.items():
                assert now[name] == value, (path, name)


def test_a_race_that_nobody_thought_of_is_a_conflict(app: Flask, town: dict[str, Any]) -> None:
    """The net below the use cases: a unique constraint is no error of ours."""
    with unit_of_work():
        db.session.add(Invite(member_id=town["ana"], code="taken"))
        db.session.add(Invite(member_id=town["bo"], code="other"))

    @app.get("/api/v1/race-of-a-test")
    def race() -> str:
        with unit_of_work():
            db.session.execute(update(Invite).where(Invite.code == "other").values(code="taken"))
        return ""

    answer = app.test_client().get("/api/v1/race-of-a-test")
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "conflict"
    assert db.session.scalar(select(func.count()).select_from(AdvocateRecord)) == 0
    assert event_log.breaches() == []
    assert record_upheld("none", town["ana"], town["ana"]) is False
