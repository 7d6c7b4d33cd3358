"""Every form × sent twice, one after the other and at once, on both databases: one thing, one answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.community.items.service import add_item
from app.community.questions.service import publish_question
from app.community.questions.values import QuestionDraft
from app.community.recommendations.service import recommend
from app.market.listings.models import Listing
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.market.orders.values import Stage
from app.merchants.stores.service import add_product, open_store
from app.messaging.conversations.service import start_conversation
from app.platform.database import db, unit_of_work
from app.platform.idempotency import aside, find_used
from app.trust.vouches.service import vouch
from tests.support.access import routes
from tests.support.cases import BY_POST, broken
from tests.support.form_registry import FORMS, MAKING, Making
from tests.support.forms import PageForm, forms_of
from tests.support.orders import deal
from tests.support.people import MemberFactory, sign_in

AT_ONCE = 4


@pytest.fixture
def world(app: Flask, member: MemberFactory) -> dict[str, str]:
    """Somebody has done each thing that a form needs before it can be sent."""
    ana, bo, cem = member("ana", password="a long enough passphrase"), member("bo"), member("cem")
    member("dee")
    otto, _mira = member("otto", role="merchant"), member("mira", role="merchant")
    # New members have a limit on whom they may write to; friends have none.
    for one, other in ((ana, bo), (bo, ana), (ana, cem), (cem, ana), (otto, ana)):
        vouch(one, other, "trust")
    item = add_item(bo, kind="product", title="Kettle")
    twin = add_item(cem, kind="product", title="Kettles of Graz")
    store = open_store(otto, name="Otto", slug="otto")
    add_product(otto, store, item, 500, "EUR")
    lamp = ListingDraft(kind="sale", title="Lamp", condition="good", price=Decimal(18), place="Lund")
    return {
        "ask": publish_question(bo, QuestionDraft(text="Who mends kettles?", reach=1)),
        "item": item,
        "twin": twin,
        "other_store": store,
        "said": recommend(cem, item, "recommend", text="Boils fast"),
        "chat": start_conversation(ana, [bo])[0],
        "offer": publish_listing(bo, lamp),
        "haggled": publish_listing(bo, lamp),
        "parcel": deal(ana, bo, Stage.SHIPPED, **BY_POST).order,
        "case": broken(ana, bo)[1],
    }


def count(model: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def browser(app: Flask, making: Making) -> FlaskClient:
    client = app.test_client()
    if making.as_:
        sign_in(app, client, making.as_)
    return client


def form_on(client: FlaskClient, making: Making, world: dict[str, str]) -> PageForm:
    """The page's form, filled as its reader fills it."""
    page = making.page.format(**world)
    answer = client.get(page)
    assert answer.status_code == 200, (page, answer.status)
    path = page.partition("?")[0]
    wanted = (making.to or making.page).format(**world).partition("?")[0]
    form = next(
        one
        for one in forms_of(answer.text)
        if one.method == "post" and (one.action.partition("#")[0] or path) == wanted
    )
    assert making.number in form.names, f"the form of {page} has no number of its own"
    form.action = wanted
    for name, value in making.typed.items():
        form.fields = [(one, old) for one, old in form.fields if one != name] + [(name, value.format(**world))]
    return form


def at_once(tasks: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    gate = threading.Barrier(len(tasks))

    def run(task: Callable[[], TestResponse]) -> TestResponse:
        gate.wait(timeout=30)
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_every_form_is_known(app: Flask) -> None:
    """A new route that takes a form is either walked below, or somebody has looked that twice is as good as once."""
    found = {rule.rule for method, rule in routes(app) if method == "POST" and not rule.rule.startswith("/api/")}
    assert found == set(FORMS)
    assert all(one.sets is not bool(one.makes or one.edits) for one in FORMS.values())


def test_a_form_sent_twice_makes_one_thing(app: Flask, world: dict[str, str]) -> None:
    for route, making in MAKING.items():
        client = browser(app, making)
        form = form_on(client, making, world)
        before = count(making.model)
        first = client.post(form.action, data=form.data())
        assert first.status_code in {200, 302, 303}, (route, first.text[-3000:])
        assert count(making.model) == before + 1, route
        second = client.post(form.action, data=form.data())
        assert count(making.model) == before + 1, route
        assert second.status_code in {302, 303}, route
        if "Location" in first.headers:
            assert second.headers["Location"] == first.headers["Location"], route


def test_a_form_sent_many_times_at_once_makes_one_thing(app: Flask, world: dict[str, str]) -> None:
    for route, making in MAKING.items():
        clients = [browser(app, making) for _ in range(AT_ONCE)]
        form = form_on(clients[0], making, world)
        app.config["WTF_CSRF_ENABLED"] = False  # each client of this test has a session of its own
        before = count(making.model)
        answers = at_once([lambda one=one, form=form: one.post(form.action, data=form.data()) for one in clients])
        app.config["WTF_CSRF_ENABLED"] = True
        assert count(making.model) == before + 1, route
        assert {one.status_code for one in answers} <= {200, 302, 303}, (route, [one.status for one in answers])
        assert len({one.headers["Location"] for one in answers if "Location" in one.headers}) == 1, route


def test_a_form_without_a_number_shows_what_the_number_is_for(app: Flask, world: dict[str, str]) -> None:
    """The naive way: the same listing, four at once, is four listings."""
    making = MAKING["/market/new"]
    clients = [browser(app, making) for _ in range(AT_ONCE)]
    form = form_on(clients[0], making, world)
    form.fields = [(name, value) for name, value in form.fields if name != "once"]
    app.config["WTF_CSRF_ENABLED"] = False
    before = count(Listing)
    at_once([lambda one=one: one.post(form.action, data=form.data()) for one in clients])
    assert count(Listing) == before + AT_ONCE


def test_other_words_with_the_same_number_come_back_to_be_sent_again(app: Flask, world: dict[str, str]) -> None:
    """The browser's Back, another title, and Post: neither swallowed nor doubled."""
    making = MAKING["/market/new"]
    client = browser(app, making)
    form = form_on(client, making, world)
    client.post(form.action, data=form.data())
    before = count(Listing)
    answer = client.post(form.action, data={**form.data(), "title": ["Another kettle"]})
    assert answer.status_code == 409
    assert count(Listing) == before
    back = next(one for one in forms_of(answer.text) if "title" in one.names and one.method == "post")
    assert back.value("title") == "Another kettle"
    assert client.post(back.action, data=back.data()).status_code == 303
    assert count(Listing) == before + 1


def test_what_was_refused_uses_no_number_up(app: Flask, world: dict[str, str]) -> None:
    """Photos are kept before the form is looked at: only the listing itself claims the number."""
    picture = BytesIO()
    Image.new("RGB", (64, 64), "red").save(picture, "JPEG")
    making = MAKING["/market/new"]
    client = browser(app, making)
    form = form_on(client, making, world)
    number = form.value("once") or ""
    photo = (BytesIO(picture.getvalue()), "a.jpg")
    refused = client.post(
        form.action,
        data={**form.data(), "title": "", "photos": photo},
        content_type="multipart/form-data",
    )
    assert refused.status_code == 422
    assert client.get(f"/once/{number}").json == {"sent": False}
    photo = (BytesIO(picture.getvalue()), "a.jpg")
    taken = client.post(form.action, data={**form.data(), "photos": photo}, content_type="multipart/form-data")
    assert taken.status_code == 303
    assert client.get(f"/once/{number}").json == {"sent": True}
    assert app.test_client().get(f"/once/{number}").json == {"sent": None}
    photo = (BytesIO(picture.getvalue()), "a.jpg")
    again = client.post(form.action, data={**form.data(), "photos": photo}, content_type="multipart/form-data")
    assert again.headers["Location"] == taken.headers["Location"]


def test_a_number_is_its_members_own(app: Flask, world: dict[str, str]) -> None:
    making = MAKING["/market/new"]
    form = form_on(browser(app, making), making, world)
    app.config["WTF_CSRF_ENABLED"] = False
    before = count(Listing)
    for handle in ("ana", "bo"):
        client = app.test_client()
        sign_in(app, client, handle)
        assert client.post(form.action, data=form.data()).status_code == 303
    assert count(Listing) == before + 2


def test_writes_aside_claim_nothing(app: Flask) -> None:
    assert find_used(1, "form:nothing") is None
    with app.test_request_context("/"), aside(), unit_of_work():
        pass
    assert find_used(1, "form:nothing") is None
