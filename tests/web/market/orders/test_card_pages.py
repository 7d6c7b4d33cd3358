"""Paying an order by card in the browser and over JSON, and where a bank transfer is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.ids import MemberId
from app.market.orders.service import act
from app.market.orders.values import Action, Stage
from app.payments.payouts.service import save_account
from app.people.accounts.service import issue_token
from app.platform.event_log import run_reactions
from tests.support.orders import ADDRESS, deal, sell, take_cards
from tests.support.people import MemberFactory
from tests.support.sql_count import statements
from tests.support.stripe_proxy import StripeProxy, event, signature, stripe_proxy

SignedIn = Callable[..., FlaskClient]
CARD = {"way": "ship-card", "address": ADDRESS}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeProxy]:
    with stripe_proxy(Path(tmp_path_factory.mktemp("stripe"))) as proxy:
        yield proxy


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    app.config["WTF_CSRF_ENABLED"] = False
    return member("ana"), member("bo")


def charged(app: Flask, provider: StripeProxy, address: str) -> None:
    """The buyer pays there, and the provider tells us."""
    body = event("evt_1", "payment_intent.succeeded", provider.pay(address))
    answer = app.test_client().post("/webhooks/stripe", data=body, headers={"Stripe-Signature": signature(body)})
    assert answer.get_json() == {"outcome": "done"}
    run_reactions()


def test_from_the_listing_to_the_provider_and_back(
    app: Flask, provider: StripeProxy, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    take_cards(app, stripe_url=provider.url, commission="5")
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    lamp = sell(two[1])
    assert "Have it sent, pay by card first" in ana.get(f"/market/{lamp}/buy").text
    page = str(ana.post(f"/market/{lamp}/buy", data=CARD).location)
    assert "You receive" in bo.get(page).text
    assert "€38<" in bo.get(page).text
    assert ana.post(f"{page}/pay").status_code == 409, "the seller has not said yes"
    bo.post(f"{page}/confirm")
    assert "Next: Pay by card" in ana.get(page).text
    assert "pays by card" in bo.get(page).text
    assert bo.post(f"{page}/pay").status_code == 409
    first, again = ana.post(f"{page}/pay"), ana.post(f"{page}/pay")
    assert first.status_code == 200, "a redirect to another site would be stopped"
    address = first.text.split(f'href="{provider.url}')[1].split('"')[0]
    assert f'href="{provider.url}{address}"' in again.text
    assert "€2 commission" in first.text
    assert "waiting for the card provider" in ana.get(f"{page}?paid").text
    charged(app, provider, f"{provider.url}{address}")
    assert "Next: Send the parcel" in bo.get(page).text
    assert "Paid by card" in ana.get(page).text
    assert "waiting for the card provider" not in ana.get(f"{page}?paid").text
    assert ana.post(f"{page}/pay").status_code == 409


def test_over_json(app: Flask, provider: StripeProxy, two: tuple[MemberId, MemberId], client: FlaskClient) -> None:
    take_cards(app, stripe_url=provider.url)
    made = deal(*two, Stage.CONFIRMED, delivery="meet", payment="card")
    ana, bo = ({"Authorization": f"Bearer {issue_token(one)}"} for one in two)
    order = f"/api/v1/orders/{made.order}"
    found = client.get(order, headers=ana).get_json()
    assert (found["payment_url"], found["due"], found["actions"][0]["action"]) == (None, "card", "pay")
    paying = client.post(f"{order}/pay", headers=ana)
    assert (paying.status_code, paying.get_json()["stage"]) == (200, "confirmed")
    assert paying.get_json()["payment_url"].startswith(provider.url)
    assert client.post(f"{order}/pay", headers=bo).get_json()["code"] == "not_now"
    charged(app, provider, paying.get_json()["payment_url"])
    found = client.get(order, headers=ana).get_json()
    assert (found["money"]["state"], found["due"]) == ("full", "time")
    assert found["history"][-1] | {"at": ""} == {
        "action": "mark_paid",
        "stage": "confirmed",
        "who": "provider",
        "at": "",
        "note": "",
    }


def test_a_provider_that_does_not_answer(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    take_cards(app, stripe_url="http://127.0.0.1:9")
    made = deal(*two, Stage.CONFIRMED, delivery="meet", payment="card")
    answer = signed_in(client, "ana").post(f"/orders/{made.order}/pay")
    assert (answer.status_code, "Try again in a few minutes" in answer.text) == (409, True)


def test_without_a_provider_no_card_is_offered(
    two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    lamp, ana = sell(two[1]), signed_in(client, "ana")
    assert "by card" not in ana.get(f"/market/{lamp}/buy").text
    assert ana.post(f"/market/{lamp}/buy", data=CARD).status_code == 422
    body = {"delivery": "meet", "payment": "card"}
    answer = client.post(
        f"/api/v1/listings/{lamp}/order", json=body, headers={"Authorization": f"Bearer {issue_token(two[0])}"}
    )
    assert (answer.status_code, answer.get_json()["code"]) == (422, "payment_not_open")


def test_the_buyer_is_told_where_to_send_the_money(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    made = deal(*two, Stage.CONFIRMED, delivery="ship", payment="bank_transfer", address=ADDRESS)
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    page = f"/orders/{made.order}"
    assert "hasn’t entered a bank account" in ana.get(page).text
    assert "/settings/bank" in bo.get(page).text
    save_account(two[1], "Bo Berg", "DE89 3704 0044 0532 0130 00")
    with statements() as seen:
        shown = ana.get(page).text
    assert len(seen) <= 8
    assert "DE89370400440532013000" in shown.replace(" ", "")
    assert "data:image/svg+xml" in shown
    assert "DE89" not in bo.get(page).text.replace(" ", "")
    act(two[0], made.order, Action.PAY)
    act(two[1], made.order, Action.MARK_PAID)
    assert "DE89" not in ana.get(page).text
