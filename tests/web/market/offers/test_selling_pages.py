"""Reserving for somebody from the listing's page, and taking “sold” back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.ids import MemberId
from app.market.listings.service import mark_sold
from app.messaging.conversations.service import send_message, start_conversation
from app.platform.event_log import run_reactions
from tests.support.orders import sell
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    app.config["WTF_CSRF_ENABLED"] = False
    people = member("ana"), member("bo")
    run_reactions()
    return people


def test_the_seller_reserves_it_and_the_buyer_says_that_they_have_it(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    lamp = sell(two[1])
    assert "Reserve it for someone" not in bo.get(f"/market/{lamp}").text
    place, _new = start_conversation(two[0], [two[1]], lamp, seller_id=two[1])
    send_message(two[0], place, "first", "Is it still there?")
    assert 'name="buyer" value="ana"' in bo.get(f"/market/{lamp}").text
    assert "Reserve it for someone" not in ana.get(f"/market/{lamp}").text
    nobody = bo.post(f"/market/{lamp}/reserve", data={"buyer": "nobody"})
    assert nobody.status_code == 422
    assert 'href="#reserve-buyer"' in nobody.text
    assert "Choose someone you have talked to" in nobody.text
    dear = bo.post(f"/market/{lamp}/reserve", data={"buyer": "ana", "amount": "lots"})
    assert dear.status_code == 422
    assert 'href="#reserve-amount"' in dear.text
    assert 'value="lots"' in dear.text
    assert 'value="ana" required checked' in dear.text
    page = str(bo.post(f"/market/{lamp}/reserve", data={"buyer": "ana", "amount": "35"}).location)
    run_reactions()
    assert "Bo reserved it for you" in ana.get(f"/messages/{place}").text
    assert "Sold to" not in ana.get(f"/market/{lamp}").text
    assert "I have it" in ana.get(page).text
    assert ana.post(f"{page}/receive").status_code == 303
    assert "Sold to" in bo.get(f"/market/{lamp}").text


def test_not_sold_after_all(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    lamp = sell(two[1])
    mark_sold(two[1], lamp)
    assert "Offer it again" in bo.get(f"/market/{lamp}").text
    assert "Offer it again" not in ana.get(f"/market/{lamp}").text
    assert ana.post(f"/market/{lamp}/unsold").status_code == 403
    assert bo.post(f"/market/{lamp}/unsold").status_code == 303
    assert f'href="/market/{lamp}/offer"' in ana.get(f"/market/{lamp}").text
    assert bo.post(f"/market/{lamp}/unsold").status_code == 303, "a second time changes nothing"
