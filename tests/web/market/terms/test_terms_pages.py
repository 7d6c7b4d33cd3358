"""The buyer reads which terms they get and why; the seller chooses them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app.market.terms.queries import choice_of
from app.trust.vouches.service import vouch
from tests.support.orders import sell
from tests.support.people import MemberFactory


def test_a_stranger_reads_strict_terms_and_a_friend_none(
    app: Flask, member: MemberFactory, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    bo, ana = member("bo"), member("ana")
    listing = sell(bo)
    signed_in(client, "ana")
    page = client.get(f"/market/{listing}/buy").text
    assert "Deposit: €8" in page
    assert "doesn’t know you yet" in page
    vouch(bo, ana, "trust", "known for years")
    page = client.get(f"/market/{listing}/buy").text
    assert "Deposit" not in page
    assert "trusts you" in page


def test_the_seller_chooses(
    app: Flask, member: MemberFactory, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    bo = member("bo")
    signed_in(client, "bo")
    sent = {"steps": "1", "ways": "0", "beyond": "prepay", "percent": "30"}
    assert client.post("/settings/terms", data=sent).status_code == 303
    assert (choice_of(bo).steps, choice_of(bo).verified) == (1, False)
    assert client.post("/settings/terms", data=sent | {"steps": "9"}).status_code == 422
