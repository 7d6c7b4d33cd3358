"""Statements: the page, the API and the files, each for whoever it belongs to."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.clock import Clock
from app.kernel.ids import MemberId, PostingKey
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.ledger.service import transfer_within
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement
from app.people.accounts.service import issue_token
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]
CAMT = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.08}"


def post(debit: AccountRef, credit: AccountRef, money: Money, kind: Movement, key: str) -> None:
    leg = Leg(debit=debit, credit=credit, money=money, kind=kind, subject=Subject("order", "o1"))
    transfer_within([leg], PostingKey(key))


@pytest.fixture
def bo(app: Flask, member: MemberFactory, fixed_clock: Clock) -> MemberId:
    """Bo has earned 40 euros on the first of June, and 700 yen and a payout of 15 euros the day after."""
    bo = member("bo")
    member("olga", role="operator")
    mine, provider = AccountRef(AccountKind.PAYABLE, bo), AccountRef(AccountKind.PROVIDER)
    post(provider, mine, Money(4_000, "EUR"), Movement.RELEASE, "one")
    fixed_clock.advance(timedelta(days=1))
    post(provider, mine, Money(700, "JPY"), Movement.RELEASE, "two")
    post(mine, provider, Money(1_550, "EUR"), Movement.PAYOUT, "three")
    return bo


def test_the_page_shows_what_is_there_and_what_moved(bo: MemberId, client: FlaskClient, signed_in: SignedIn) -> None:
    mine = signed_in(client, "bo")
    page = mine.get("/money").text
    assert "€24.50" in page
    assert "Payout" in page
    assert page.index("Payout") < page.index("Sale")
    assert "¥700" in mine.get("/money?currency=JPY").text
    first = mine.get("/money?currency=EUR&from=2026-06-01&to=2026-06-01").text
    assert "Sale" in first
    assert "Payout" not in first
    assert "Nothing in this period" in mine.get("/money?to=2026-05-01").text
    assert mine.get("/money?from=yesterday").status_code == 422
    assert mine.get("/money?from=2026-06-02&to=2026-06-01").status_code == 422
    assert 'href="/money"' in mine.get("/me").text


def test_who_has_nothing_is_told_where_to_begin(
    bo: MemberId, member: MemberFactory, client: FlaskClient, signed_in: SignedIn
) -> None:
    member("ana")
    assert "No payments yet" in signed_in(client, "ana").get("/money").text
    assert client.get("/money/house").status_code == 403


def test_the_operator_sees_the_other_side(bo: MemberId, client: FlaskClient, signed_in: SignedIn) -> None:
    page = signed_in(client, "olga").get("/money/house").text
    assert "At the payment provider" in page
    assert "-€24.50" in page
    table = client.get("/money/house/statement.csv?currency=EUR").text
    assert ",provider,-40.00,EUR,release,single,order,o1,-40.00" in table


def test_the_api_gives_decimal_texts_page_by_page(app: Flask, bo: MemberId) -> None:
    headers = {"Authorization": f"Bearer {issue_token(bo)}"}

    def ask(query: str) -> dict[str, object]:
        answer = app.test_client().get(f"/api/v1/ledger?{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.get_json()
        return found

    first = ask("currency=EUR&limit=1")
    assert first["items"] == [
        {
            "at": "2026-06-02T12:00:00+00:00",
            "account": "payable",
            "amount": "-15.50",
            "currency": "EUR",
            "kind": "payout",
            "state": "single",
            "subject": {"kind": "order", "id": "o1"},
            "balance": "24.50",
        }
    ]
    second = ask(f"currency=EUR&limit=1&cursor={first['next']}")
    assert isinstance(second["items"], list)
    assert [one["amount"] for one in second["items"]] == ["40.00"]
    assert second["next"] is None
    assert ask("currency=EUR&from=2026-06-03")["items"] == []
    assert ask("currency=CHF")["items"] == []


def test_the_files_say_the_same(bo: MemberId, client: FlaskClient, signed_in: SignedIn) -> None:
    mine = signed_in(client, "bo")
    answer = mine.get("/money/statement.csv?currency=EUR")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kinmarket-bo-EUR.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["amount"], row["balance"]) for row in rows] == [("40.00", "40.00"), ("-15.50", "24.50")]
    tree = ET.fromstring(mine.get("/money/statement.xml?currency=EUR&from=2026-06-02").data)  # noqa: S314 - our own answer
    (part,) = tree.iter(f"{CAMT}Stmt")
    balances = [(one.findtext(f".//{CAMT}Cd"), one.findtext(f"{CAMT}Amt")) for one in part.iter(f"{CAMT}Bal")]
    assert balances == [("OPBD", "40.00"), ("CLBD", "24.50")]
    assert [(one.findtext(f"{CAMT}Amt"), one.findtext(f"{CAMT}CdtDbtInd")) for one in part.iter(f"{CAMT}Ntry")] == [
        ("15.50", "DBIT")
    ]
