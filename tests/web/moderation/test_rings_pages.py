"""The moderators' pages of rings, in a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import permutations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def desk(app: Flask, member: MemberFactory, signed_in: SignedIn) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    member("mo", role="moderator"), member("ana")
    ids = [member(f"f{one}", name=f"Fake <{one}>") for one in range(1, 6)]
    for a, b in permutations(ids, 2):
        vouch(a, b, "trust_fully")
    return signed_in(app.test_client(), "mo")


def test_from_the_look_to_the_decision(desk: FlaskClient) -> None:
    assert "No open rings" in desk.get("/moderation/rings").text
    assert desk.post("/moderation/rings/look").location == "/moderation/rings"
    listed = desk.get("/moderation/rings").text
    assert "100% of all pairs vouch for each other" in listed
    assert "Rings (1)" in listed
    found = re.search(r"/moderation/rings/(\w{26})", listed)
    assert found
    page = desk.get(found[0]).text
    for said in ("10 of 10 pairs vouch", "Nobody outside the ring vouches", "<svg", "Fake &lt;1&gt;", 'value="f3"'):
        assert said in page, said
    assert "style=" not in page.split("<svg", 1)[1].split("</svg>")[0]
    bad = desk.post(found[0], data={"decision": "dismiss", "reason": " "})
    assert bad.status_code == 422
    assert "Enter a reason" in bad.text
    kept = desk.post(found[0], data={"decision": "report", "member": ["f2"], "reason": ""})
    assert 'value="f2" checked' in kept.text
    assert desk.post(found[0], data={"reason": "x"}).status_code == 422
    done = desk.post(found[0], data={"decision": "report", "member": ["f1", "f2"], "reason": "One hand."})
    assert done.location == "/moderation/rings"
    assert desk.post(found[0], data={"decision": "dismiss", "reason": "x"}).status_code == 409
    assert "reported" in desk.get("/moderation/rings?show=decided").text
    assert "One hand." in desk.get("/moderation").text + desk.get("/moderation/log").text
    assert desk.get("/moderation/rings/nothing").status_code == 404


def test_the_pages_are_for_moderators(app: Flask, desk: FlaskClient, signed_in: SignedIn) -> None:
    ana = signed_in(app.test_client(), "ana")
    for path in ("/moderation/rings", "/moderation/rings/x"):
        assert ana.get(path).status_code == 403
        assert app.test_client().get(path).location.startswith("/login")
    assert ana.post("/moderation/rings/look").status_code == 403
