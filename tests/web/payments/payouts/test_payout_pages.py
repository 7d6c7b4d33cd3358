"""The pages of bank accounts and payouts."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


def test_a_member_saves_a_bank_account(
    app: Flask, member: MemberFactory, client: FlaskClient, signed_in: SignedIn
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member("bo")
    mine = signed_in(client, "bo")
    wrong = mine.post("/settings/bank", data={"holder": "Bo Berg", "iban": "DE00"})
    assert wrong.status_code == 422
    assert "Check each digit" in wrong.text
    assert "Bo Berg" in wrong.text
    assert mine.post("/settings/bank", data={"holder": "Bo", "iban": "DE89370400440532013000"}).status_code == 303
    assert "DE89370400440532013000" in mine.get("/settings/bank").text
    mine.post("/settings/bank/delete")
    assert "DE89370400440532013000" not in mine.get("/settings/bank").text


def test_an_operator_without_anything_to_pay(
    app: Flask, member: MemberFactory, client: FlaskClient, signed_in: SignedIn
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member("olga", role="operator")
    desk = signed_in(client, "olga")
    assert "Nothing to pay out" in desk.get("/money/house/payouts").text
    assert desk.post("/money/house/payouts").status_code == 303
    assert "This payout was not found" in desk.get("/money/house/payouts.xml?run=none", follow_redirects=True).text
