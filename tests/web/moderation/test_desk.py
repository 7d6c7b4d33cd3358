"""From the report button to the decision, in a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.people.accounts.service import issue_token
from app.platform.event_log import run_reactions
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_report_comes_to_its_end(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    bo = member("bo", name="Bo Lindqvist")
    member("ana"), member("mo", role="moderator")
    lamp = publish_listing(bo, ListingDraft(kind="sale", title="A stolen lamp", condition="good", price=Decimal(18)))
    ana = signed_in(app.test_client(), "ana")
    mo = signed_in(app.test_client(), "mo")

    assert "All done" in mo.get("/moderation").text
    form = ana.get(f"/report/listing/{lamp}")
    assert "A stolen lamp" in form.text
    empty = ana.post(f"/report/listing/{lamp}", data={"csrf_token": token_of(form.text)})
    assert empty.status_code == 422
    assert "Choose a reason." in empty.text
    sent = ana.post(
        f"/report/listing/{lamp}",
        data={"reason": "scam", "text": "It was <b>mine</b>.", "csrf_token": token_of(form.text)},
    )
    assert sent.status_code == 200
    assert "Thank you" in sent.text

    queue = mo.get("/moderation")
    found = re.search(r"/moderation/reports/(\w{26})", queue.text)
    assert found
    page = mo.get(found[0]).text
    for words in ("A stolen lamp", "It was &lt;b&gt;mine", "Bo Lindqvist", "Suspend Bo"):
        assert words in page, words
    without = mo.post(found[0], data={"decision": "remove", "reason": " ", "csrf_token": token_of(page)})
    assert without.status_code == 422
    assert "Enter a reason" in without.text
    decided = mo.post(found[0], data={"decision": "remove", "reason": "Stolen.", "csrf_token": token_of(page)})
    assert decided.location == "/moderation"
    twice = mo.post(found[0], data={"decision": "dismiss", "reason": "No.", "csrf_token": token_of(page)})
    assert twice.status_code == 409
    assert "already decided" in twice.text
    with app.app_context():
        run_reactions()
    assert ana.get(f"/market/{lamp}").status_code == 404
    log = mo.get("/moderation/log").text
    assert "Stolen." in log
    assert "Bo Lindqvist" in log


def test_suspending_ends_the_session(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana"), member("bo"), member("mo", role="moderator")
    ana, bo, mo = (signed_in(app.test_client(), handle) for handle in ("ana", "bo", "mo"))
    ana.post("/report/member/bo", data={"reason": "fake"})
    report = re.search(r"/moderation/reports/\w{26}", mo.get("/moderation").text)
    assert report
    assert bo.get("/settings/profile").status_code == 200
    assert mo.post(report[0], data={"decision": "suspend", "reason": "Fake."}).status_code == 302
    assert bo.get("/settings/profile").status_code == 302
    profile = mo.get("/m/bo").text
    assert "This account is suspended." in profile
    assert "/moderation/members/bo/reinstate" in profile
    mo.post("/moderation/members/bo/reinstate", data={"reason": "A mistake."})
    assert "This account is suspended." not in mo.get("/m/bo").text


def test_the_desk_is_for_moderators(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    member("ana"), member("op", role="operator")
    ana, op = signed_in(app.test_client(), "ana"), signed_in(app.test_client(), "op")
    for path in ("/moderation", "/moderation/log", "/moderation/reports/x"):
        assert ana.get(path).status_code == 403
        assert app.test_client().get(path).location.startswith("/login")
    assert op.get("/moderation").status_code == 200
    assert op.get("/moderation/log").status_code == 200
    assert op.get("/moderation/reports/x").status_code == 404


def test_reporting_needs_a_member(app: Flask, client: FlaskClient, member: MemberFactory) -> None:
    member("bo")
    assert client.get("/report/member/bo").location.startswith("/login")


def test_a_report_over_the_api(client: FlaskClient, member: MemberFactory) -> None:
    ana = member("ana")
    member("bo")
    headers = {"Authorization": f"Bearer {issue_token(ana)}"}

    def send(**body: object) -> tuple[int, str | None]:
        answer = client.post("/api/v1/reports", json=body, headers=headers)
        return answer.status_code, (answer.get_json() or {}).get("code")

    assert send(subject_kind="member", subject_id="bo", reason="spam", text="Again and again.") == (201, None)
    assert send(subject_kind="member", subject_id="bo", reason="because") == (422, "bad_reason")
    assert send(subject_kind="member", subject_id="no_one", reason="spam") == (404, "not_found")
    assert send(subject_kind="planet", subject_id="mars", reason="spam") == (422, "bad_subject")
    assert send(subject_kind="member", reason="spam") == (422, "missing_field")
    assert send(subject_kind="member", subject_id=7, reason="spam") == (422, "missing_field")
    assert client.post("/api/v1/reports", json={}).status_code == 401
