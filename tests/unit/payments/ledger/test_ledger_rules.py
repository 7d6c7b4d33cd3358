"""What may be posted: pure decisions on accounts, legs and what is given back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import MemberId
from app.kernel.money import HIGHEST_MINOR, Money
from app.kernel.subjects import Subject
from app.payments.escrow.rules import commission, commission_back
from app.payments.ledger import rules
from app.payments.ledger.values import MAX_KEY_LENGTH, AccountKind, AccountRef, Leg, Movement

ANA = MemberId(1)
PROVIDER, ESCROW = AccountRef(AccountKind.PROVIDER), AccountRef(AccountKind.ESCROW, ANA)
LEG = Leg(debit=PROVIDER, credit=ESCROW, money=Money(100, "EUR"), kind=Movement.PAYMENT, subject=Subject("order", "o1"))


def standing(kind: AccountKind, balance: int = 0, *, held: int = 0, overdraft: int = 0) -> rules.Standing:
    return rules.Standing(kind=kind, overdraft=overdraft, balance=balance, held=held, coming=0)


@pytest.mark.parametrize(
    ("leg", "code"),
    [
        (replace(LEG, money=Money(0, "EUR")), "bad_amount"),
        (replace(LEG, money=Money(-1, "EUR")), "bad_amount"),
        (replace(LEG, money=Money(HIGHEST_MINOR, "EUR") + Money(1, "EUR")), "bad_amount"),
        (replace(LEG, credit=PROVIDER), "bad_legs"),
        (replace(LEG, debit=AccountRef(AccountKind.PROVIDER, ANA)), "bad_account"),
        (replace(LEG, credit=AccountRef(AccountKind.ESCROW)), "bad_account"),
    ],
)
def test_what_is_no_leg(leg: Leg, code: str) -> None:
    rules.check_legs([LEG], "key")
    with pytest.raises(Invalid) as refused:
        rules.check_legs([LEG, leg], "key")
    assert refused.value.error_code == code


@pytest.mark.parametrize(("legs", "key"), [([], "key"), ([LEG] * 101, "key"), ([LEG], ""), ([LEG], "k" * 121)])
def test_what_is_no_transaction(legs: list[Leg], key: str) -> None:
    assert MAX_KEY_LENGTH == 120
    with pytest.raises(Invalid):
        rules.check_legs(legs, key)


def test_only_what_is_there_and_not_set_aside_is_moved() -> None:
    escrow, payable = standing(AccountKind.ESCROW, 100, held=40), standing(AccountKind.PAYABLE)
    with pytest.raises(Conflict):
        rules.move(escrow, payable, Movement.RELEASE, 61)
    rules.move(escrow, payable, Movement.RELEASE, 60)
    assert (escrow.balance, escrow.held, payable.balance) == (40, 40, 60)


@pytest.mark.parametrize(
    ("movement", "lowest"),
    [(Movement.PAYOUT, 0), (Movement.REFUND, -200), (Movement.COMMISSION_REFUND, -200), (Movement.CHARGEBACK, None)],
)
def test_how_low_a_sellers_balance_may_go(movement: Movement, lowest: int | None) -> None:
    seller, provider = standing(AccountKind.PAYABLE, overdraft=200), standing(AccountKind.PROVIDER)
    assert rules.floor(seller, movement) == lowest
    if lowest is None:
        rules.move(seller, provider, movement, 10**9)
        return
    rules.move(seller, provider, movement, -lowest) if lowest else None
    with pytest.raises(Conflict):
        rules.move(seller, provider, movement, 1)


def test_of_what_was_set_aside_a_part_is_taken_and_the_rest_is_free() -> None:
    ana, house = standing(AccountKind.ESCROW, 100), standing(AccountKind.COMMISSION)
    rules.set_aside(ana, house, Movement.PAYMENT, 70)
    with pytest.raises(Conflict):
        rules.set_aside(ana, house, Movement.PAYMENT, 31)
    with pytest.raises(Invalid):
        rules.settle(ana, house, 70, 71)
    rules.settle(ana, house, 70, 50)
    assert (ana.balance, ana.held, house.balance, house.coming) == (50, 0, 50, 0)


def test_nothing_is_given_back_twice_or_in_another_currency() -> None:
    rules.check_reversal(Money(100, "EUR"), 40, Money(60, "EUR"))
    with pytest.raises(Conflict):
        rules.check_reversal(Money(100, "EUR"), 40, Money(61, "EUR"))
    with pytest.raises(Invalid):
        rules.check_reversal(Money(100, "EUR"), 0, Money(1, "SEK"))


def test_an_overdraft_is_in_the_minor_units_of_its_currency() -> None:
    seller = AccountRef(AccountKind.PAYABLE, ANA)
    assert [rules.default_overdraft(seller, one) for one in ("EUR", "JPY", "KWD")] == [20_000, 200, 200_000]
    assert rules.default_overdraft(ESCROW, "EUR") == 0


@pytest.mark.parametrize("parts", [[999], [333, 333, 333], [1] * 999, [998, 1]])
def test_parts_of_a_refund_give_back_the_whole_commission(parts: list[int]) -> None:
    whole, back, given = Money(999, "EUR"), Money(0, "EUR"), Money(0, "EUR")
    for part in parts:
        again = Money(part, "EUR")
        back, given = back + commission_back(whole, given, again, 72_500), given + again
    assert back == commission(whole, 72_500)
