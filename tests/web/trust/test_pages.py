"""Vouching, the circle and the explanation in a browser without script."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.blocks.service import block
from app.trust.circle import live_graph
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def browser(app: Flask, member: MemberFactory, signed_in: SignedIn) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    for handle in ("ana", "bo", "cem", "dee"):
        member(handle)
    return signed_in(app.test_client(), "ana")


def test_a_vouch_in_one_browser_shows_in_the_other_at_the_next_request(
    app: Flask, browser: FlaskClient, signed_in: SignedIn
) -> None:
    bos = signed_in(app.test_client(), "bo")
    assert "Nobody yet" in browser.get("/circle").text
    given = browser.post("/vouch/bo", data={"strength": "trust", "reason": "We <b>rowed</b> together."})
    assert given.status_code == 302
    assert given.location.endswith("/m/bo#vouches")
    assert bos.post("/vouch/cem", data={"strength": "trust_fully"}).status_code == 302
    page = browser.get("/circle").text.split("People in your circle")[1]
    assert page.index("/m/bo") < page.index("/m/cem")
    assert "Bo knows Cem" in page
    profile = bos.get("/m/bo").text
    assert "We &lt;b&gt;rowed&lt;/b&gt; together." in profile
    assert browser.post("/vouch/bo/withdraw").status_code == 302
    assert "Nobody yet" in browser.get("/circle").text


def test_while_the_graph_is_loading_pages_say_so(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        vouch(_id("ana"), _id("bo"), "trust")
        monkeypatch.setattr(live_graph, "few_ties", lambda _reader: False)
        let = threading.Event()
        made = app.extensions["kin_trust_graph"] = live_graph.LiveGraph(app)

        def build() -> None:
            assert let.wait(30)
            another = live_graph.LiveGraph(app)
            another.rebuild()
            assert another.keep()

        made.load(build)
    said = "still loading your connections"
    question = {"text": "Who repairs bicycles around here?", "category": "", "place": ""}
    try:
        for place in ("/", "/circle", "/market", "/m/bo", "/trust/explain/bo"):
            page = browser.get(place)
            assert page.status_code == 200, place
            assert said in page.text, place
        assert "2 steps" not in browser.get("/circle").text
        assert said not in app.test_client().get("/market").text, "who is not signed in has no connections"
        refused = browser.post("/asks/new", data=question)
        assert refused.status_code == 503
        assert "Retry-After" in refused.headers
    finally:
        let.set()
        made.settle()
    page = browser.get("/circle").text
    assert said not in page
    assert "/m/bo" in page


def test_the_explanation_is_a_page_and_a_fragment(app: Flask, browser: FlaskClient, member: MemberFactory) -> None:
    with app.app_context():
        ids = [_id(one) for one in ("ana", "bo", "cem", "dee")]
        vouch(ids[0], ids[1], "trust", "school friends", "bicycles")
        for number in ("", "er", "est"):
            quiet = member(f"quiet{number}", name="Very Quiet", discreet=True)
            vouch(ids[1], quiet, "acquainted", "a secret reason")
            vouch(quiet, ids[2], "trust")
    page = browser.get("/trust/explain/cem").text
    assert "<main" in page
    for said in ("All through Bo", "school friends", "Bicycles", "3 steps through a friend of Bo"):
        assert said in page
    ways = page.count('class="way"')
    assert ways == 3
    assert page.count('class="trail-through"') == page.count('class="vh">All through Bo<') == ways
    for hidden in ("Very Quiet", "/m/quiet", "a secret reason"):
        assert hidden not in page
    fragment = browser.get("/trust/explain/cem", headers={"HX-Request": "true"}).text
    assert "<main" not in fragment
    assert "school friends" in fragment
    assert "You aren’t connected to Dee" in browser.get("/trust/explain/dee").text
    assert "This is you" in browser.get("/trust/explain/ana").text
    assert browser.get("/trust/explain/nobody").status_code == 404


def test_a_bad_form_comes_back_with_what_is_wrong(browser: FlaskClient) -> None:
    good = {"strength": "trust"}
    for data in ({}, {"strength": "very"}, {**good, "until": "2001-01-01"}, {**good, "reason": "x" * 300}):
        answer = browser.post("/vouch/bo", data=data)
        assert answer.status_code == 422, data
        assert 'action="/vouch/bo"' in answer.text
    assert browser.get("/vouch/ana").status_code == 404
    assert browser.post("/vouch/nobody", data={"strength": "trust"}).status_code == 404
    assert browser.post("/vouch/bo/withdraw").status_code == 404


def test_the_form_holds_what_stands(browser: FlaskClient) -> None:
    browser.post("/vouch/bo", data={"strength": "acquainted", "reason": "from work", "until": "2030-02-03"})
    page = browser.get("/vouch/bo").text
    assert "from work" in page
    assert 'value="2030-02-03"' in page
    assert "Withdraw vouch" in page


def test_blocked_people_see_nothing_of_each_other(app: Flask, browser: FlaskClient) -> None:
    with app.app_context():
        ids = [_id(one) for one in ("ana", "bo", "cem")]
        vouch(ids[0], ids[1], "trust")
        vouch(ids[1], ids[2], "trust")
        block(ids[2], ids[0])
    assert "/m/cem" not in browser.get("/circle").text
    assert "You aren’t connected" in browser.get("/trust/explain/cem").text
    assert browser.post("/vouch/cem", data={"strength": "trust"}).status_code == 403


def test_visitors_are_sent_to_the_sign_in_page(app: Flask, member: MemberFactory) -> None:
    member("bo")
    visitor = app.test_client()
    for path in ("/circle", "/trust/explain/bo", "/vouch/bo"):
        answer = visitor.get(path)
        assert answer.status_code == 302
        assert "/login" in answer.location


def test_a_long_circle_comes_in_pages(app: Flask, browser: FlaskClient, member: MemberFactory) -> None:
    with app.app_context():
        me = _id("ana")
        for one in range(35):
            vouch(me, member(f"friend{one}"), "acquainted")
    first = browser.get("/circle").text
    assert first.count("circle-member") == 30
    more = first.split('href="/circle?after=')[1].split('"')[0]
    rest = browser.get(f"/circle?after={more}", headers={"HX-Request": "true"}).text
    assert rest.count("circle-member") == 5
    assert "<main" not in rest
    assert browser.get("/circle?after=%%%").status_code == 422


def _id(handle: str) -> int:
    from app.people.accounts.queries import member_id

    return member_id(handle)
