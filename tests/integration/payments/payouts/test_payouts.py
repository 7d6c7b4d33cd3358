"""Where members are paid, what is paid out, and what a buyer is shown."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.ids import MemberId, PostingKey
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.ledger import checks
from app.payments.ledger.queries import purse
from app.payments.ledger.service import transfer_within
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement
from app.payments.payouts import privacy, queries, service
from app.payments.providers.queries import transfer_details
from app.platform.database import unit_of_work
from tests.support.people import MemberFactory

IBAN = "DE89 3704 0044 0532 0130 00"
PLAIN = "DE89370400440532013000"


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


@pytest.fixture
def olga(app: Flask, member: MemberFactory) -> MemberId:
    return member("olga", role="operator")


def earn(member: MemberId, minor: int) -> None:
    leg = Leg(
        debit=AccountRef(AccountKind.PROVIDER),
        credit=AccountRef(AccountKind.PAYABLE, member),
        money=Money(minor, "EUR"),
        kind=Movement.RELEASE,
        subject=Subject("order", "o1"),
    )
    transfer_within([leg], PostingKey(f"earned {member}"))


@pytest.mark.parametrize(
    "typed", ["", "DE89370400440532013001", "DE", "hello", "9" * 100, "DE89\u202e370400440532013000"]
)
def test_an_iban_that_is_none(bo: MemberId, typed: str) -> None:
    with pytest.raises(Invalid):
        service.save_account(bo, "Bo Berg", typed)
    assert queries.account_of(bo) is None


def test_the_last_account_holds(bo: MemberId) -> None:
    service.save_account(bo, "Bo  Berg", IBAN)
    service.save_account(bo, "Bo Berg", "AT611904300234573201")
    assert queries.account_of(bo) == queries.BankAccount(holder="Bo Berg", iban="AT611904300234573201")
    service.delete_account(bo)
    assert queries.account_of(bo) is None


def test_who_has_an_account_is_paid_out_once(bo: MemberId, olga: MemberId, member: MemberFactory) -> None:
    ana = member("ana")
    earn(bo, 4_200)
    earn(ana, 700)
    service.save_account(bo, "Bo Berg", IBAN)
    with pytest.raises(Forbidden):
        service.pay_out(bo)
    run = service.pay_out(olga)
    with pytest.raises(Conflict):
        service.pay_out(olga)
    assert purse(AccountRef(AccountKind.PAYABLE, bo), "EUR").balance.minor == 0
    assert [(one.handle, one.amount.minor) for one in queries.claims()] == [("ana", 700)]
    body = service.bank_file(run, name="Kinmarket", iban=PLAIN, today=date(2026, 6, 1)).decode()
    assert "pain.001.001.03" in body
    assert '<InstdAmt Ccy="EUR">42.00</InstdAmt>' in body
    assert "Bo Berg" in body
    assert checks.run() == []
    with pytest.raises(Conflict):
        service.bank_file(run, name="Kinmarket", iban=None, today=date(2026, 6, 1))


def test_what_is_kept_of_a_person(bo: MemberId, olga: MemberId) -> None:
    earn(bo, 4_200)
    service.save_account(bo, "Bo Berg", IBAN)
    service.pay_out(olga)
    assert privacy.export(bo)["account"] == {"holder": "Bo Berg", "iban": PLAIN}
    with unit_of_work():
        privacy.erase(bo)
    left = privacy.export(bo)
    assert left["account"] is None
    assert (left["payouts"][0]["amount"], left["payouts"][0]["iban"]) == ("42.00", "")


def test_a_buyer_is_shown_where_to_send_it(bo: MemberId) -> None:
    assert transfer_details(bo, Money(1_250, "EUR"), "Order 1") is None
    service.save_account(bo, "Bo Berg", IBAN)
    found = transfer_details(bo, Money(1_250, "EUR"), "Order 1")
    assert found is not None
    assert (found.holder, found.iban) == ("Bo Berg", PLAIN)
    assert (found.qr or "").startswith("data:image/svg+xml")
    foreign = transfer_details(bo, Money(1_250, "CHF"), "Order 1")
    assert foreign is not None
    assert foreign.qr is None
