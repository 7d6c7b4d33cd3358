"""Buying by pages and by API: what each of the two is shown, and how dear it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.ids import MemberId
from app.market.fulfilment.queries import shown_code
from app.market.listings.service import remove_listing
from app.market.orders.values import Stage
from app.people.accounts.service import issue_token
from tests.support.orders import ADDRESS, deal, sell
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    app.config["WTF_CSRF_ENABLED"] = False
    return member("ana"), member("bo")


def test_from_the_listing_to_the_code(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    lamp = sell(two[1])
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    assert f'href="/market/{lamp}/buy"' in ana.get(f"/market/{lamp}").text
    assert "Order for €40" in ana.get(f"/market/{lamp}/buy").text
    refused = ana.post(f"/market/{lamp}/buy", data={"way": "ship-bank_transfer"})
    assert refused.status_code == 422
    assert "Enter the address" in refused.text
    sent = ana.post(f"/market/{lamp}/buy", data={"way": "meet-in_person"})
    assert sent.status_code == 303
    page = str(sent.location)
    assert "Bo</bdi> confirms the order" in ana.get(page).text
    assert "Next: Confirm the order" in bo.get(page).text
    assert "Sold to" in bo.get(f"/market/{lamp}").text
    assert "View order" in ana.get(f"/market/{lamp}").text
    assert bo.post(f"{page}/confirm").status_code == 303
    order_id = page.rsplit("/", 1)[-1]
    code = shown_code(order_id) or ""  # type: ignore[arg-type] # as it stands in the address
    assert f"{code[:3]} {code[3:]}" in ana.get(page).text
    assert code[:3] + " " + code[3:] not in bo.get(page).text
    wrong = bo.post(f"{page}/hand_over", data={"code": "1"})
    assert (wrong.status_code, "This code is wrong" in wrong.text) == (422, True)
    assert bo.post(f"{page}/hand_over", data={"code": code}).status_code == 303
    assert bo.post(f"{page}/hand_over", data={"code": code}).status_code == 409
    assert ana.post(f"{page}/nonsense").status_code == 404
    assert "Lamp" in ana.get("/orders").text
    assert "Lamp" in bo.get("/orders?role=seller").text
    assert "No orders yet" in bo.get("/orders").text


@pytest.mark.parametrize("stage", [Stage.PLACED, Stage.CONFIRMED, Stage.SHIPPED, Stage.COMPLETED])
def test_a_page_costs_few_statements(
    two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn, stage: Stage
) -> None:
    made = deal(*two, stage, delivery="ship", payment="bank_transfer", address=ADDRESS)
    ana = signed_in(client, "ana")
    ana.get(f"/orders/{made.order}")
    with statements() as seen:
        assert ana.get(f"/orders/{made.order}").status_code == 200
    assert len(seen) <= 8, "\n".join(map(str, seen))


def test_over_json(app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient) -> None:
    lamp = sell(two[1])
    ana, bo = ({"Authorization": f"Bearer {issue_token(one)}"} for one in two)
    body = {"delivery": "meet", "payment": "in_person"}
    once = {**ana, "Idempotency-Key": "key-1"}
    made = client.post(f"/api/v1/listings/{lamp}/order", json=body, headers=once)
    assert made.status_code == 201
    assert client.post(f"/api/v1/listings/{lamp}/order", json=body, headers=once).json == made.json
    gone = client.post(f"/api/v1/listings/{lamp}/order", json=body, headers=ana)
    assert (gone.status_code, gone.json["code"]) == (409, "sold_out")  # type: ignore[index] # a problem
    order = f"/api/v1/orders/{made.json['id']}"  # type: ignore[index] # an order
    found = client.get(order, headers=bo).json
    assert found is not None
    assert found["money"] == {
        "state": "none",
        "total": "40.00",
        "currency": "EUR",
        "paid": "0.00",
        "refunded": "0.00",
        "refund": "none",
    }
    assert [(one["action"], one["needs"]) for one in found["actions"]] == [("confirm", []), ("cancel", ["reason"])]
    assert found["actions"][0]["until"] == found["due_at"]
    assert found["next"] == {"action": "confirm", "who": "seller"}
    late = client.post(f"{order}/ship", headers=bo)
    assert (late.status_code, late.json["code"]) == (409, "not_now")  # type: ignore[index] # a problem
    assert client.post(f"{order}/confirm", headers=bo).json["stage"] == "confirmed"  # type: ignore[index] # an order
    bad = client.post(f"{order}/propose", json={"at": "tomorrow", "place": "Café"}, headers=ana)
    assert (bad.status_code, bad.json["code"]) == (422, "bad_time")  # type: ignore[index] # a problem
    assert client.post(f"{order}/cancel", json={"reason": "No"}, headers=ana).json["stage"] == "cancelled"  # type: ignore[index] # an order
    for role, many in (("buyer", 1), ("seller", 0)):
        assert len(client.get(f"/api/v1/orders?role={role}", headers=ana).json["items"]) == many  # type: ignore[index] # a page
    assert client.get("/api/v1/orders?role=king", headers=ana).status_code == 422


def test_who_has_not_the_order_does_not_see_it(
    two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn, member: MemberFactory
) -> None:
    made = deal(*two)
    member("cem")
    assert client.get(f"/orders/{made.order}").status_code == 302
    cem = signed_in(client, "cem")
    assert cem.get(f"/orders/{made.order}").status_code == 404
    assert cem.post(f"/orders/{made.order}/confirm").status_code == 404


def test_a_receipt_says_what_was_paid_and_when(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn, member: MemberFactory
) -> None:
    made = deal(*two, Stage.CONFIRMED, delivery="ship", payment="bank_transfer", address=ADDRESS)
    page, ana, bo = f"/orders/{made.order}", signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    assert ana.get(f"{page}/receipt").status_code == 404
    assert "View receipt" not in ana.get(page).text
    bo.post(f"{page}/mark_paid")
    assert f'href="{page}/receipt"' in ana.get(page).text
    remove_listing(two[1], made.listing)
    shown = ana.get(f"{page}/receipt").text
    for word in ("Lamp", "€40", "Bank transfer", "Storgatan 1", "Good", made.order.upper()):
        assert word in shown, word
    bo.post(f"{page}/cancel", data={"reason": "It broke"})
    ana.post(f"{page}/mark_refunded")
    assert "Refunded" in bo.get(f"{page}/receipt").text
    member("cem")
    assert signed_in(app.test_client(), "cem").get(f"{page}/receipt").status_code == 404
