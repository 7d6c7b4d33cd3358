"""The operator's page of seeds, the seal, the vouch budget on the form, and a borrowed circle."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.accounts.service import add_member
from app.platform.event_log import run_reactions
from app.trust.reputation import service
from app.trust.reputation.queries import latest_run, seed_handles
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def operator(app: Flask, member: MemberFactory, signed_in: SignedIn) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    ana, bo = member("ana"), member("bo")
    member("op", role="operator")
    vouch(ana, bo, "trust")
    return signed_in(app.test_client(), "op")


def test_seeds_are_named_and_standing_is_computed_by_a_button(operator: FlaskClient) -> None:
    page = operator.get("/trust/reputation").text
    assert "Not calculated yet." in page
    assert "Calculate now" not in page
    assert operator.post("/trust/reputation/seeds", data={"handle": "nobody"}).status_code == 422
    assert operator.post("/trust/reputation/seeds", data={"handle": "@ana"}).status_code == 302
    assert operator.post("/trust/reputation/compute").status_code == 302
    page = operator.get("/trust/reputation").text
    assert "Trust from the seeds reaches 2 members, 2 have the trusted mark" in page
    assert "added by Op" in page
    assert "hx-get" not in operator.get("/trust/reputation/progress").text, "it is over"
    assert "Trusted in this community" in operator.get("/m/bo").text
    assert operator.post("/trust/reputation/seeds/ana/drop").status_code == 302
    assert operator.post("/trust/reputation/seeds/ana/drop").status_code == 404
    operator.post("/trust/reputation/compute")
    assert "Add at least one seed first." in operator.get("/trust/reputation").text


def test_a_run_under_way_shows_its_progress(app: Flask, operator: FlaskClient) -> None:
    operator.post("/trust/reputation/seeds", data={"handle": "ana"})
    with app.app_context():
        service.begin(None)
    part = operator.get("/trust/reputation/progress").text
    assert 'hx-trigger="every 1s"' in part
    assert "<progress" in part


def test_the_page_is_the_operators(
    app: Flask, operator: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    member("mo", role="moderator")
    for handle in ("ana", "mo"):
        other = signed_in(app.test_client(), handle)
        assert other.get("/trust/reputation").status_code == 403
        assert other.post("/trust/reputation/seeds", data={"handle": "ana"}).status_code == 403
        assert other.post("/trust/reputation/compute").status_code == 403


def test_the_form_tells_what_is_left_and_the_refusal_keeps_what_was_written(
    app: Flask, operator: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    for one in range(3):
        member(f"m{one}")
    with app.app_context():
        service.name_seed(None, 1)
        service.compute(service.begin(None))
    mine = signed_in(app.test_client(), "m0")
    assert "2 “I trust them fully”" in mine.get("/vouch/m1").text
    mine.post("/vouch/m1", data={"strength": "trust_fully"})
    mine.post("/vouch/m2", data={"strength": "trust_fully"})
    refused = mine.post("/vouch/bo", data={"strength": "trust_fully", "reason": "We rowed together."})
    assert refused.status_code == 422
    for said in ("You’ve used all", "We rowed together.", "0 “I trust them fully”"):
        assert said in refused.text
    assert "You get one back when you withdraw one" in refused.text
    assert "2 “I trust them fully”" not in mine.get("/vouch/m1").text
    assert "1 “I trust them fully”" in mine.get("/vouch/m1").text, "the one for her may be changed"


def test_a_borrowed_circle_is_labelled(app: Flask, operator: FlaskClient, signed_in: SignedIn) -> None:
    with app.app_context():
        add_member("dee", name="Dee", inviter_id=1)
        run_reactions()
    dee = signed_in(app.test_client(), "dee")
    page = dee.get("/circle").text
    assert "you see the circle of Ana, who invited you." in page
    assert "Ana, who invited you, knows" in page
    assert "connected through the person who invited you" in dee.get("/trust/explain/bo").text
    dee.post("/vouch/op", data={"strength": "trust"})
    assert "of your circle comes from Ana" in dee.get("/circle").text


def test_several_people_are_explained_on_one_page(app: Flask, operator: FlaskClient, signed_in: SignedIn) -> None:
    ana = signed_in(app.test_client(), "ana")
    page = ana.get("/trust/explain?member=bo&member=op").text
    assert "2 people" in page
    assert "You aren’t connected to 1 of them." in page
    assert ana.get("/trust/explain?member=nobody").status_code == 404
    assert ana.get("/trust/explain").location == "/circle"


def test_what_the_circle_page_costs(app: Flask, operator: FlaskClient, signed_in: SignedIn) -> None:
    ana = signed_in(app.test_client(), "ana")
    ana.get("/circle")
    with app.app_context(), statements() as sent:
        ana.get("/circle")
    assert len(sent) <= 5, sent  # the viewer, the log, the faces, people to meet, the badges


def test_the_feed_tells_the_operator_that_nobody_is_named_and_one_click_begins(operator: FlaskClient) -> None:
    assert "Start with me" in operator.get("/?mode=circle").text
    assert operator.post("/trust/reputation/begin").status_code == 302
    page = operator.get("/trust/reputation").text
    assert "Trust from the seeds reaches 1 member" in page
    assert 'action="/trust/reputation/seeds/op/drop"' in page
    assert "Start with me" not in operator.get("/?mode=circle").text


def test_only_an_operator_is_told(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana")
    client = signed_in(app.test_client(), "ana")
    assert "Start with me" not in client.get("/?mode=circle").text
    assert client.post("/trust/reputation/begin").status_code == 403


def test_the_first_operator_is_a_seed(app: Flask) -> None:
    with app.app_context():
        for handle, role in (("ana", "member"), ("op", "operator"), ("second", "operator")):
            add_member(handle, role=role)
        run_reactions()
        assert seed_handles() == ["op"]
        run = latest_run()
        assert run is not None, "it is to be computed at once"


def test_a_strength_with_none_left_is_not_chosen_and_says_when_one_returns(
    app: Flask, operator: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    people = [member(f"m{one}") for one in range(8)]
    with app.app_context():
        service.name_seed(None, 1)
        service.compute(service.begin(None))
        for n, other in enumerate(people[1:6]):
            vouch(people[0], other, "trust", expires_at=datetime(2031, 5, 3 + n, tzinfo=UTC))
    page = signed_in(app.test_client(), "m0").get("/vouch/m7").text
    options = {
        found[1]: found[0] for found in re.finditer(r'<input[^>]*name="strength"[^>]*value="([a-z_]+)"[^>]*>', page)
    }
    assert "disabled" in options["trust"]
    assert "checked" not in options["trust"]
    assert "checked" in options["acquainted"]
    assert "None left. You get one back on May 3, 2031, or when you withdraw one." in page
    # Of whom there is one already it can be changed.
    mine = signed_in(app.test_client(), "m0").get("/vouch/m1").text
    assert "None left" not in mine


def test_the_sign_of_the_trusted_is_explained_where_it_is_touched(
    app: Flask, operator: FlaskClient, member: MemberFactory
) -> None:
    with app.app_context():
        service.name_seed(None, 1)
        service.compute(service.begin(None))
    page = operator.get("/m/ana").text
    assert re.search(
        r"<details[^>]*><summary>.*Trusted in this community.*</summary><p[^>]*>[^<]*identity check", page, re.DOTALL
    )
    assert "badge-check" not in page
