"""A moderator's pages of complaints about orders."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.market.cases.service import act
from app.market.cases.values import CaseAction, Given
from tests.support.cases import broken
from tests.support.people import MemberFactory, sign_in


def test_an_empty_message_to_both_is_told_at_the_message(
    app: Flask, member: MemberFactory, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    ana, bo = member("ana"), member("bo")
    member("mo", role="moderator")
    case_id = broken(ana, bo)[1]
    act(bo, case_id, CaseAction.ANSWER, Given(text="It was whole"))
    act(ana, case_id, CaseAction.ASK_MODERATOR)
    sign_in(app, client, "mo")
    place = f"/moderation/order-cases/{case_id}"
    assert client.post(f"{place}/claim").status_code == 303
    sent = client.post(f"{place}/say", data={"text": " "})
    assert sent.status_code == 422
    assert 'href="#say-text">Message' in sent.text
    assert 'id="say-text-error"' in sent.text
    unfounded = client.post(f"{place}/decide", data={"way": "money", "amount": "1", "text": ""})
    assert unfounded.status_code == 422
    assert 'href="#decide-text">Reasons' in unfounded.text
