"""Money moves wholly or not at all, once for each key, and every account is the sum of its postings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from app.kernel.clock import Clock
from app.kernel.errors import Conflict, DomainError, Invalid, NotFound
from app.kernel.ids import HoldId, MemberId, PostingId, PostingKey
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.ledger import checks, queries, service
from app.payments.ledger.models import Account
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement, Phase
from app.platform.database import EventRow, db, unit_of_work
from tests.support.people import MemberFactory

ORDER = Subject("order", "o1")
PROVIDER = AccountRef(AccountKind.PROVIDER)
COMMISSION = AccountRef(AccountKind.COMMISSION)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def key(name: str) -> PostingKey:
    return PostingKey(name)


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


def escrow(member: MemberId) -> AccountRef:
    return AccountRef(AccountKind.ESCROW, member)


def payable(member: MemberId) -> AccountRef:
    return AccountRef(AccountKind.PAYABLE, member)


def leg(debit: AccountRef, credit: AccountRef, minor: int, kind: Movement = Movement.PAYMENT) -> Leg:
    return Leg(debit=debit, credit=credit, money=euros(minor), kind=kind, subject=ORDER)


def paid(member: MemberId, minor: int = 10_000) -> PostingId:
    return service.transfer_within([leg(PROVIDER, escrow(member), minor)], key(f"paid:{member}"))[0]


def stands(account: AccountRef) -> tuple[int, int, int]:
    db.session.rollback()
    found = queries.purse(account, "EUR")
    return found.balance.minor, found.held.minor, found.coming.minor


def test_a_card_sale_from_payment_to_payout(ana: MemberId, bo: MemberId) -> None:
    paid(ana)
    shares = [
        leg(escrow(ana), payable(bo), 9_500, Movement.RELEASE),
        leg(escrow(ana), COMMISSION, 500, Movement.COMMISSION),
    ]
    service.transfer_within(shares, key("release"))
    service.transfer_within([leg(payable(bo), PROVIDER, 9_500, Movement.PAYOUT)], key("payout"))
    assert stands(escrow(ana)) == stands(payable(bo)) == (0, 0, 0)
    assert stands(COMMISSION) == (500, 0, 0)
    assert stands(PROVIDER) == (-500, 0, 0)
    lines = queries.statement(bo, "EUR", limit=10)
    assert [(one.amount.minor, one.balance.minor, one.kind) for one in lines] == [
        (-9_500, 0, Movement.PAYOUT),
        (9_500, 9_500, Movement.RELEASE),
    ]
    assert [entry.kind for entry in queries.entries_of(ORDER)] == ["payment", "release", "commission", "payout"]
    assert checks.run() == []


def test_the_same_key_moves_nothing_more_and_another_amount_is_refused(ana: MemberId) -> None:
    first = paid(ana)
    assert paid(ana) == first
    assert stands(escrow(ana)) == (10_000, 0, 0)
    with pytest.raises(Conflict, match="already been booked"):
        paid(ana, 5)


def test_nobody_spends_what_is_not_there_and_one_leg_too_many_takes_all_back(ana: MemberId, bo: MemberId) -> None:
    paid(ana, 100)
    too_much = [leg(escrow(ana), payable(bo), 60), leg(escrow(ana), COMMISSION, 41)]
    with pytest.raises(Conflict) as refused:
        service.transfer_within(too_much, key("release"))
    assert refused.value.error_code == "not_covered"
    assert stands(escrow(ana)) == (100, 0, 0)
    assert stands(payable(bo)) == (0, 0, 0)


def test_a_seller_owes_after_a_refund_up_to_a_limit_and_the_next_sale_makes_it_good(
    ana: MemberId, bo: MemberId
) -> None:
    refund = leg(payable(bo), PROVIDER, 20_000, Movement.REFUND)
    service.transfer_within([refund], key("refund"))
    assert stands(payable(bo)) == (-20_000, 0, 0)
    with pytest.raises(Conflict):
        service.transfer_within([leg(payable(bo), PROVIDER, 1, Movement.REFUND)], key("one more"))
    with pytest.raises(Conflict):
        service.transfer_within([leg(payable(bo), PROVIDER, 1, Movement.PAYOUT)], key("payout"))
    service.transfer_within([leg(payable(bo), PROVIDER, 1, Movement.CHARGEBACK)], key("the bank has taken it"))
    paid(ana, 25_000)
    service.transfer_within([leg(escrow(ana), payable(bo), 25_000, Movement.RELEASE)], key("sale"))
    assert stands(payable(bo)) == (4_999, 0, 0)
    service.set_overdraft_within(payable(bo), euros(0))
    with pytest.raises(Conflict):
        service.transfer_within([leg(payable(bo), PROVIDER, 5_000, Movement.REFUND)], key("another refund"))


def test_what_is_given_back_is_never_more_than_what_was_taken(ana: MemberId, bo: MemberId) -> None:
    payment = paid(ana)
    back = Leg(
        debit=escrow(ana),
        credit=PROVIDER,
        money=euros(6_000),
        kind=Movement.REFUND,
        subject=ORDER,
        reverses=payment,
    )
    service.transfer_within([back], key("refund"))
    again = Leg(
        debit=payable(bo),
        credit=PROVIDER,
        money=euros(10_000),
        kind=Movement.CHARGEBACK,
        subject=ORDER,
        reverses=payment,
    )
    with pytest.raises(Conflict) as refused:
        service.transfer_within([again], key("chargeback"))
    assert refused.value.error_code == "already_reversed"


def test_a_hold_is_nobody_elses_and_ends_once(ana: MemberId, bo: MemberId, fixed_clock: Clock) -> None:
    paid(ana)
    until = fixed_clock.now() + timedelta(days=1)
    hold = service.hold_within(leg(escrow(ana), payable(bo), 8_000, Movement.DEPOSIT), key("hold"), until)
    assert service.hold_within(leg(escrow(ana), payable(bo), 8_000, Movement.DEPOSIT), key("hold"), until) == hold
    assert stands(escrow(ana)) == (10_000, 8_000, 0)
    assert stands(payable(bo)) == (0, 0, 8_000)
    with pytest.raises(Conflict):
        service.transfer_within([leg(escrow(ana), COMMISSION, 2_001)], key("elsewhere"))
    with pytest.raises(Invalid):
        service.post_hold_within(hold, euros(8_001), key("too much"))
    taken = service.post_hold_within(hold, euros(3_000), key("post"))
    assert service.post_hold_within(hold, euros(3_000), key("post")) == taken
    with pytest.raises(Conflict) as refused:
        service.post_hold_within(hold, euros(3_000), key("twice"))
    assert refused.value.error_code == "hold_settled"
    with pytest.raises(Conflict) as refused:
        service.void_hold_within(hold, key("void"))
    assert refused.value.error_code == "hold_settled"
    assert stands(escrow(ana)) == (7_000, 0, 0)
    assert stands(payable(bo)) == (3_000, 0, 0)
    assert checks.run() == []


def test_a_hold_that_nobody_took_is_free_again(ana: MemberId, bo: MemberId, fixed_clock: Clock) -> None:
    paid(ana)
    until = fixed_clock.now() + timedelta(hours=1)
    hold = service.hold_within(leg(escrow(ana), payable(bo), 8_000, Movement.DEPOSIT), key("hold"), until)
    fixed_clock.advance(timedelta(hours=2))
    with pytest.raises(Conflict) as refused:
        service.post_hold_within(hold, euros(1), key("late"))
    assert refused.value.error_code == "hold_expired"
    assert checks.run() == [f"hold {hold}: its time is over and it is set aside still"]
    assert service.void_expired() == 1
    assert service.void_expired() == 0
    assert stands(escrow(ana)) == (10_000, 0, 0)
    recorded = db.session.scalars(db.select(EventRow.payload).where(EventRow.name == "HoldExpired")).all()
    assert recorded == [{"hold_id": hold, "subject_kind": "order", "subject_id": "o1"}]
    assert checks.run() == []
    assert [one.phase for one in queries.statement(ana, "EUR", limit=9)] == [Phase.VOIDED, Phase.PENDING, Phase.SINGLE]


def test_a_hold_that_is_none(ana: MemberId) -> None:
    with pytest.raises(NotFound):
        service.void_hold_within(HoldId(77), key("nothing"))
    with pytest.raises(NotFound):
        service.void_hold_within(HoldId(paid(ana)), key("a payment"))


@pytest.mark.parametrize(
    "change", ["UPDATE ledger_posting SET amount_minor = 1", "DELETE FROM ledger_posting WHERE id > 0"]
)
def test_the_database_itself_keeps_postings(ana: MemberId, change: str) -> None:
    paid(ana)
    with pytest.raises(DBAPIError, match="append-only"), unit_of_work():
        db.session.execute(text(change))


@pytest.mark.parametrize("minor", [0, -5, 10**30])
def test_amounts_that_are_none(ana: MemberId, minor: int) -> None:
    with pytest.raises(DomainError):
        service.transfer_within([leg(PROVIDER, escrow(ana), minor)], key("odd"))
    assert queries.currencies_of(ana) == []


def test_accounts_that_are_none(ana: MemberId) -> None:
    for odd in (AccountRef(AccountKind.PAYABLE), AccountRef(AccountKind.PROVIDER, ana)):
        with pytest.raises(Invalid):
            service.transfer_within([leg(odd, escrow(ana), 1)], key("odd"))
    with pytest.raises(Invalid):
        service.transfer_within([leg(escrow(ana), escrow(ana), 1)], key("odd"))


def test_two_currencies_stand_apart(ana: MemberId) -> None:
    paid(ana)
    yen = Leg(
        debit=PROVIDER, credit=escrow(ana), money=Money(700, "JPY"), kind=Movement.PAYMENT, subject=ORDER, member=ana
    )
    service.transfer_within([yen, leg(PROVIDER, escrow(ana), 1)], key("both"))
    assert queries.currencies_of(ana) == ["EUR", "JPY"]
    assert queries.purse(escrow(ana), "JPY").available == Money(700, "JPY")
    assert stands(escrow(ana)) == (10_001, 0, 0)
    assert checks.run() == []


def test_the_check_sees_what_was_tampered_with(ana: MemberId) -> None:
    paid(ana)
    with unit_of_work():
        db.session.execute(update(Account).where(Account.code == escrow(ana).code("EUR")).values(balance_minor=1))
    assert checks.run() == [
        "EUR: the accounts add up to -9999 minor units, not to zero",
        f"account escrow:{ana}:EUR: its balance is 1, its postings say 10000",
    ]


def test_a_statement_opens_at_any_date(ana: MemberId, fixed_clock: Clock) -> None:
    start = fixed_clock.now()
    for number in range(1, 8):
        service.transfer_within([leg(PROVIDER, escrow(ana), number)], key(f"day {number}"))
        fixed_clock.advance(timedelta(days=1))
    for day in range(8):
        assert queries.balance_at(escrow(ana), "EUR", start + timedelta(days=day)).minor == sum(range(1, day + 1))
    between = queries.statement(ana, "EUR", since=start + timedelta(days=2), before=start + timedelta(days=5), limit=50)
    assert [one.amount.minor for one in between] == [5, 4, 3]
    assert [one.balance.minor for one in between] == [15, 10, 6]
    assert [one.amount.minor for one in queries.every_line(ana)] == [7, 6, 5, 4, 3, 2, 1]
    third = queries.statement(ana, "EUR", limit=3)
    assert [one.amount.minor for one in queries.statement(ana, "EUR", after=(third[-1].at, third[-1].id), limit=2)] == [
        4,
        3,
    ]
