"""The record, first for the person and then for others."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app.market.orders.values import Stage
from app.people.accounts.service import issue_token
from app.platform.event_log import run_reactions
from tests.support.orders import deal
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


def test_a_record_by_page_and_json(app: Flask, member: MemberFactory, client: FlaskClient, signed_in: SignedIn) -> None:
    ana, bo = member("ana"), member("bo")
    page = signed_in(client, "ana")
    assert "Fewer than 3 orders so far" in page.get("/settings/record").text
    for _number in range(3):
        deal(ana, bo, Stage.COMPLETED)
    run_reactions()
    mine = page.get("/settings/record").text
    assert ("Paid on time" in mine, "3 of 3" in mine, "7 more completed purchases" in mine) == (True, True, True)
    assert "3 completed sales · €120" in signed_in(app.test_client(), "bo").get("/settings/record").text
    profile = app.test_client().get("/m/bo").text
    assert ("Reliable" in profile, "3 of 3" in profile) == (True, True)
    found = client.get("/api/v1/me/record", headers={"Authorization": f"Bearer {issue_token(ana)}"}).json
    assert found is not None
    assert (found["buyer"]["bucket"], found["buyer"]["counts"]["on_time"]) == ("good", 3)
    assert found["credit"][0] == {"credit": "no_deposit", "reached": True, "lacks": 0}
