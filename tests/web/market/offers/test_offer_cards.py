"""What is said in an offer, and what becomes of it, stands in the conversation as cards that show what is now."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.ids import MemberId
from app.market.offers.queries import get_offer
from app.market.offers.service import accept_offer, counter_offer, decline_offer
from app.market.orders.service import act
from app.market.orders.values import Action, Given
from app.messaging.conversations.queries import list_conversations
from app.people.accounts.service import issue_token
from app.platform.event_log import run_reactions
from tests.support.offers import offer, seen
from tests.support.orders import sell
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    app.config["WTF_CSRF_ENABLED"] = False
    people = member("ana"), member("bo")
    run_reactions()
    return people


def cards(page: str) -> list[str]:
    """Each card's words, one after the other."""
    found = re.findall(r'<li class="bubble-row system".*?</li>', page, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_buttons_stand_on_the_bid_that_is_on_the_table(
    app: Flask, two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    made = offer(two[0], sell(two[1]), amount="30")
    counter_offer(two[1], made, "36")
    run_reactions()
    chat = f"/messages/{seen(two[0], made).conversation_id}"
    ana, bo = signed_in(client, "ana"), signed_in(app.test_client(), "bo")
    first, second = cards(ana.get(chat).text)
    assert "You made an offer: €30" in first
    assert "Answered with another amount" in first
    assert "Accept €36" in second
    assert "Accept €36" not in bo.get(chat).text
    assert "Withdraw" in cards(bo.get(chat).text)[1]
    decline_offer(two[0], made)
    run_reactions()
    _first, second, third = cards(bo.get(chat).text)
    assert "Declined" in second
    assert "€30 is on the table again" in third
    sent = bo.post(f"/offers/{made}/accept", data={"bid": "1", "next": chat})
    assert (sent.status_code, sent.location) == (303, chat)
    assert "Accept €" not in bo.get(chat).text


def test_orders_go_on_in_the_same_conversation(
    two: tuple[MemberId, MemberId], client: FlaskClient, signed_in: SignedIn
) -> None:
    made = offer(two[0], sell(two[1]), amount="30")
    accept_offer(two[1], made)
    [order_id] = get_offer(two[0], made).orders
    act(two[0], order_id, Action.CANCEL, Given(reason="No"))
    run_reactions()
    run_reactions()
    shown = cards(signed_in(client, "ana").get(f"/messages/{seen(two[0], made).conversation_id}").text)
    assert [one.split(" View")[0] for one in shown] == [
        "You made an offer: €30",
        "Bo accepted: €30",
        "You ordered this",
        "Bo confirmed the order",
        "The order was cancelled",
    ]
    assert "Now: Cancelled" in shown[2]


def test_cards_are_no_news_of_their_own_and_go_over_the_api(
    two: tuple[MemberId, MemberId], client: FlaskClient
) -> None:
    made = offer(two[0], sell(two[1]), amount="30")
    run_reactions()
    assert [one.unread for one in list_conversations(two[1]).items] == [0]
    place = seen(two[0], made).conversation_id
    headers = {"Authorization": f"Bearer {issue_token(two[1])}"}
    found = client.get(f"/api/v1/conversations/{place}/messages", headers=headers)
    assert found.status_code == 200
    assert found.json["items"][0]["card"]["kind"] == "offer_made"  # type: ignore[index] # a page
    assert found.json["items"][0]["card"]["data"] == {"amount_minor": 3000, "currency": "EUR", "bid": 1}  # type: ignore[index] # a page
