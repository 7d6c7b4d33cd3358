"""Offers by pages and by API: what each of the two is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.ids import MemberId, OfferId
from app.people.accounts.service import issue_token
from app.platform.event_log import run_reactions
from tests.support.offers import offer, seen
from tests.support.orders import sell
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    app.config["WTF_CSRF_ENABLED"] = False
    return member("ana"), member("bo")


def test_from_the_listing_to_the_order(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    lamp = sell(two[1])
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    assert f'href="/market/{lamp}/offer"' in ana.get(f"/market/{lamp}").text
    assert "For example €36" in ana.get(f"/market/{lamp}/offer").text
    dear = ana.post(f"/market/{lamp}/offer", data={"amount": "40", "way": "meet-in_person"})
    assert (dear.status_code, "You can buy it for €40" in dear.text) == (422, True)
    sent = ana.post(f"/market/{lamp}/offer", data={"amount": "30", "way": "meet-in_person", "note": "Today?"})
    assert sent.status_code == 303
    page = str(sent.location)
    assert ana.get(f"/market/{lamp}/offer").location == page
    assert "You offer €30" in ana.get(page).text
    assert "Today?" in bo.get(page).text
    assert page in bo.get(f"/market/{lamp}").text
    bad = bo.post(f"{page}/counter", data={"amount": "20", "bid": "1"})
    assert (bad.status_code, "between €30 and €40" in bad.text) == (422, True)
    assert bo.post(f"{page}/counter", data={"amount": "35", "bid": "1"}).status_code == 303
    assert "Bo</bdi> asks €35" in ana.get(page).text
    assert ana.post(f"{page}/accept", data={"bid": "1"}).status_code == 409
    accepted = ana.post(f"{page}/accept", data={"bid": "2"})
    assert "Confirmed" in ana.get(str(accepted.location)).text
    assert "Agreed on €35" in bo.get(page).text
    assert "Lamp" in bo.get("/offers").text
    assert "Lamp" in ana.get("/offers?role=buyer").text
    assert "No offers yet" in ana.get("/offers").text
    assert "No offers made yet" in bo.get("/offers?role=buyer").text


def test_the_seller_says_yes_beforehand(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    lamp = sell(two[1])
    bo, ana = signed_in(client, "bo"), signed_in(app.test_client(), "ana")
    wrong = bo.post(f"/market/{lamp}/offer-terms", data={"accept_from": "some"})
    assert wrong.status_code == 422
    assert 'href="#accept_from"' in wrong.text
    assert 'value="some"' in wrong.text
    assert bo.post(f"/market/{lamp}/offer-terms", data={"accept_from": "35"}).status_code == 303
    assert "automatically from €35" in bo.get(f"/market/{lamp}").text
    assert "automatically" not in ana.get(f"/market/{lamp}").text
    sent = ana.post(f"/market/{lamp}/offer", data={"amount": "35", "way": "meet-in_person"})
    assert "Agreed on €35" in ana.get(str(sent.location)).text


def test_a_bundle(app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn) -> None:
    lamp, chair = sell(two[1]), sell(two[1], "Chair", "20")
    ana = signed_in(client, "ana")
    assert "Chair" in ana.get(f"/market/{lamp}/offer").text
    data = {"amount": "50", "way": "meet-in_person", "also": [chair]}
    page = str(ana.post(f"/market/{lamp}/offer", data=data).location)
    assert "and 1 more item" in ana.get("/offers?role=buyer").text
    bo = signed_in(app.test_client(), "bo")
    assert bo.post(f"{page}/accept", data={"bid": "1"}).location == page
    assert bo.get(page).text.count("/orders/") >= 2


def test_both_are_told(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn, member: MemberFactory
) -> None:
    lamp = sell(two[1])
    run_reactions()
    made = offer(two[0], lamp)
    other = offer(member("cem"), lamp, amount="20")
    run_reactions()
    bo = signed_in(client, "bo")
    assert "made you an offer" in bo.get("/notifications").text
    bo.post(f"/offers/{made}/accept", data={"bid": "1"})
    run_reactions()
    ana, cem = signed_in(app.test_client(), "ana"), signed_in(app.test_client(), "cem")
    assert "agreed on a price" in ana.get("/notifications").text
    assert "offer with" in cem.get("/notifications").text, cem.get("/notifications").text
    assert seen(two[1], other).state == "open"


def test_over_json(two: tuple[MemberId, MemberId], client: FlaskClient) -> None:
    lamp = sell(two[1])
    ana, bo = ({"Authorization": f"Bearer {issue_token(one)}"} for one in two)
    path = f"/api/v1/listings/{lamp}/offers"
    for amount, code in (
        ("1.000", "ambiguous_amount"),
        (-1, "bad_amount"),
        ("1" + "0" * 30, "bad_amount"),
        (None, "bad_amount"),
    ):
        refused = client.post(path, json={"amount": amount, "currency": "EUR"}, headers=ana)
        assert (refused.status_code, refused.json["code"]) == (422, code)  # type: ignore[index] # a problem
    once = {**ana, "Idempotency-Key": "key-1"}
    body = {"amount": "12,50", "currency": "EUR", "message": "Cash"}
    made = client.post(path, json=body, headers=once)
    assert made.status_code == 201
    assert client.post(path, json=body, headers=once).json == made.json
    found = made.json
    assert found is not None
    assert (found["amount"], found["state"], found["by"], found["actions"]) == ("12.50", "open", "buyer", ["withdraw"])
    here = f"/api/v1/offers/{found['id']}"
    countered = client.post(f"{here}/counter", json={"amount": 35, "bid": 1}, headers=bo).json
    assert countered is not None
    assert (countered["amount"], countered["bid"]) == ("35.00", 2)
    stale = client.post(f"{here}/accept", json={"bid": 1}, headers=ana)
    assert (stale.status_code, stale.json["code"]) == (409, "offer_changed")  # type: ignore[index] # a problem
    back = client.post(f"{here}/decline", headers=ana).json
    assert back is not None
    assert (back["amount"], back["by"]) == ("12.50", "buyer")
    done = client.post(f"{here}/accept", headers=bo).json
    assert done is not None
    assert (done["state"], done["actions"], done["orders"]) == ("accepted", [], [done["order"]])
    late = client.post(f"{here}/withdraw", headers=ana)
    assert (late.status_code, late.json["code"]) == (409, "offer_changed")  # type: ignore[index] # a problem
    for role, many in (("buyer", 1), ("seller", 0)):
        assert len(client.get(f"/api/v1/offers?role={role}", headers=ana).json["items"]) == many  # type: ignore[index] # a page
    assert client.get("/api/v1/offers?role=king", headers=ana).status_code == 422


def test_whose_offer_it_is_not_does_not_see_it(
    two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn, member: MemberFactory
) -> None:
    made: OfferId = offer(two[0], sell(two[1]))
    member("cem")
    assert client.get(f"/offers/{made}").status_code == 302
    cem = signed_in(client, "cem")
    assert cem.get(f"/offers/{made}").status_code == 404
    assert cem.post(f"/offers/{made}/accept").status_code == 404


def test_a_page_costs_few_statements(two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn) -> None:
    made = offer(two[0], sell(two[1]))
    ana = signed_in(client, "ana")
    ana.get(f"/offers/{made}")
    with statements() as seen_now:
        assert ana.get(f"/offers/{made}").status_code == 200
    assert len(seen_now) <= 8, "\n".join(map(str, seen_now))
