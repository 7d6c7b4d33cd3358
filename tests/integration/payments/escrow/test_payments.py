"""The money of a deal, from the promise or the card to the seller, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.kernel.clock import Clock, clock
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.ids import MemberId, PaymentId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.escrow import checks, privacy, queries, service
from app.payments.escrow.values import Due, Method, Paid, PaymentFacts, Refunded, State
from app.payments.ledger import checks as ledger_checks
from app.payments.ledger.queries import purse
from app.payments.ledger.service import void_expired
from app.payments.ledger.values import AccountKind, AccountRef
from app.platform.database import EventRow, db
from tests.support.people import MemberFactory

ORDER = Subject("order", "o1")
RATE = 50_000  # 5 %


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


def expect(ana: MemberId, bo: MemberId, method: Method, minor: int = 10_000) -> PaymentId:
    until = clock.now() + timedelta(days=2)
    due = Due(subject=ORDER, buyer_id=ana, seller_id=bo, total=Money(minor, "EUR"), method=method, until=until)
    return service.expect_within(due, commission_ppm=RATE)


def by_card(ana: MemberId, bo: MemberId, minor: int = 10_000) -> PaymentId:
    payment = expect(ana, bo, Method.CARD, minor)
    assert service.captured_within(payment, Money(minor, "EUR"), "pi_1")
    return payment


def now() -> PaymentFacts:
    db.session.rollback()
    found = queries.find_payment(ORDER)
    assert found is not None
    assert checks.run() + ledger_checks.run() == []
    return found


def on(kind: AccountKind, owner: MemberId | None = None) -> int:
    return purse(AccountRef(kind, owner), "EUR").balance.minor


def recorded() -> list[str]:
    names = db.session.scalars(db.select(EventRow.name).where(EventRow.name.like("%Payment%")).order_by(EventRow.id))
    return list(names)


def test_a_transfer_is_promised_and_the_seller_says_that_it_has_come(ana: MemberId, bo: MemberId) -> None:
    payment = expect(ana, bo, Method.BANK_TRANSFER)
    assert expect(ana, bo, Method.BANK_TRANSFER) == payment
    assert (now().paid, now().held, on(AccountKind.OUTSIDE, bo)) == (Paid.PROMISED, False, 0)
    with pytest.raises(Forbidden):
        service.say_received_within(ORDER, ana)
    service.say_paid_within(ORDER, ana)
    assert now().state is State.PROMISED
    service.say_received_within(ORDER, bo)
    service.say_received_within(ORDER, bo)
    assert (now().paid, now().held, on(AccountKind.OUTSIDE, bo)) == (Paid.FULL, False, 10_000)
    assert recorded() == ["PaymentPromised", "PaymentMarkedPaid", "PaymentReceived"]
    service.release_within(ORDER)
    assert now().state is State.RELEASED
    assert privacy.export(bo)[0]["as"] == "seller"


def test_cash_is_confirmed_by_both(ana: MemberId, bo: MemberId) -> None:
    expect(ana, bo, Method.IN_PERSON)
    service.say_received_within(ORDER, bo)
    assert now().state is State.PROMISED
    service.say_paid_within(ORDER, ana)
    assert now().state is State.PAID


def test_the_code_of_the_meeting_is_the_word_of_both(ana: MemberId, bo: MemberId) -> None:
    expect(ana, bo, Method.IN_PERSON)
    service.settle_in_person_within(ORDER, bo)
    service.settle_in_person_within(ORDER, bo)
    assert now().state is State.PAID


def test_money_that_comes_after_the_promise_has_ended_counts(ana: MemberId, bo: MemberId, fixed_clock: Clock) -> None:
    expect(ana, bo, Method.BANK_TRANSFER)
    fixed_clock.advance(timedelta(days=3))
    void_expired()
    service.say_received_within(ORDER, bo)
    assert (now().state, on(AccountKind.OUTSIDE, bo)) == (State.PAID, 10_000)


def test_a_promise_is_let_go_of_when_the_deal_is_off(ana: MemberId, bo: MemberId) -> None:
    expect(ana, bo, Method.BANK_TRANSFER)
    service.cancel_within(ORDER)
    service.cancel_within(ORDER)
    service.say_received_within(ORDER, bo)
    assert now().state is State.CANCELLED
    assert recorded() == ["PaymentPromised", "PaymentCancelled"]


def test_a_promised_refund_waits_for_the_buyer(ana: MemberId, bo: MemberId) -> None:
    expect(ana, bo, Method.BANK_TRANSFER)
    service.say_received_within(ORDER, bo)
    service.refund_within(ORDER, Money(4_000, "EUR"))
    with pytest.raises(Conflict):
        service.refund_within(ORDER, Money(6_001, "EUR"))
    assert (now().refunded.minor, now().refund_due.minor) == (0, 4_000)
    with pytest.raises(Forbidden):
        service.confirm_refund_within(ORDER, bo)
    service.confirm_refund_within(ORDER, ana)
    service.confirm_refund_within(ORDER, ana)
    assert (now().refund_state, on(AccountKind.OUTSIDE, bo)) == (Refunded.PART, 6_000)
    service.cancel_within(ORDER)
    service.confirm_refund_within(ORDER, ana)
    assert (now().state, now().refund_state) == (State.REFUNDED, Refunded.FULL)


def test_a_card_payment_is_held_and_released_less_the_commission(ana: MemberId, bo: MemberId) -> None:
    payment = by_card(ana, bo)
    assert not service.captured_within(payment, Money(10_000, "EUR"), "pi_1")
    assert now().held
    service.release_within(ORDER)
    service.release_within(ORDER)
    assert (on(AccountKind.PAYABLE, bo), on(AccountKind.COMMISSION), on(AccountKind.ESCROW, ana)) == (9_500, 500, 0)
    assert recorded() == ["PaymentReceived", "PaymentReleased"]


def test_refunds_in_parts_give_back_exactly_the_commission_that_was_taken(ana: MemberId, bo: MemberId) -> None:
    by_card(ana, bo, 9_999)
    service.refund_within(ORDER, Money(1_111, "EUR"))
    service.release_within(ORDER)
    for part in (3_333, 3_333, 2_222):
        service.refund_within(ORDER, Money(part, "EUR"))
        now()
    assert now().state is State.REFUNDED
    assert [on(kind) for kind in (AccountKind.COMMISSION, AccountKind.PROVIDER)] == [0, 0]
    assert on(AccountKind.PAYABLE, bo) == 0
    with pytest.raises(Conflict):
        service.refund_within(ORDER, Money(1, "EUR"))


def test_a_refund_and_a_dispute_are_never_both_taken(ana: MemberId, bo: MemberId) -> None:
    payment = by_card(ana, bo)
    service.refund_within(ORDER, Money(6_000, "EUR"))
    assert service.dispute_within(payment, Money(10_000, "EUR"), "dp_1")
    assert not service.dispute_within(payment, Money(10_000, "EUR"), "dp_1")
    assert (now().state, on(AccountKind.PROVIDER)) == (State.REFUNDED, 0)
    assert recorded()[-1] == "PaymentDisputed"


def test_a_card_that_pays_for_a_deal_that_is_off_gets_it_back(ana: MemberId, bo: MemberId) -> None:
    payment = expect(ana, bo, Method.CARD)
    service.cancel_within(ORDER)
    assert service.captured_within(payment, Money(10_000, "EUR"), "pi_1")
    assert now().state is State.REFUNDED
    with pytest.raises(Conflict):
        service.refund_within(ORDER, Money(1, "EUR"))


def test_what_nobody_can_owe(ana: MemberId, bo: MemberId) -> None:
    with pytest.raises(Invalid):
        expect(ana, ana, Method.CARD)
    with pytest.raises(Invalid):
        expect(ana, bo, Method.CARD, 0)
    payment = expect(ana, bo, Method.CARD)
    with pytest.raises(Conflict):
        service.captured_within(payment, Money(1, "EUR"), "pi_1")
    with pytest.raises(Conflict):
        service.refund_within(ORDER, Money(1, "EUR"))


def test_a_dispute_that_is_won_comes_again_to_where_it_was_taken(ana: MemberId, bo: MemberId) -> None:
    payment = by_card(ana, bo)
    service.release_within(ORDER)
    assert service.dispute_within(payment, Money(10_000, "EUR"), "dp_1")
    assert (now().state, on(AccountKind.PAYABLE, bo), on(AccountKind.COMMISSION)) == (State.REFUNDED, 0, 0)
    assert service.reinstate_within(payment, "dp_1")
    assert not service.reinstate_within(payment, "dp_1")
    assert (now().state, on(AccountKind.PAYABLE, bo), on(AccountKind.COMMISSION)) == (State.RELEASED, 9_500, 500)
    service.refund_within(ORDER, Money(10_000, "EUR"))
    assert (now().state, on(AccountKind.PROVIDER)) == (State.REFUNDED, 0)
    assert not service.reinstate_within(payment, "dp_2"), "nothing of it is left to be won"
    assert "PaymentReinstated" in recorded()


def test_what_was_kept_and_is_won_after_the_release_is_the_sellers(ana: MemberId, bo: MemberId) -> None:
    payment = by_card(ana, bo)
    with pytest.raises(Conflict):
        service.reinstate_within(payment, "dp_1")
    service.dispute_within(payment, Money(1_010, "EUR"), "dp_1")
    service.refund_within(ORDER, Money(500, "EUR"))
    service.release_within(ORDER)
    service.reinstate_within(payment, "dp_1")
    assert (now().state, on(AccountKind.ESCROW, ana), on(AccountKind.COMMISSION)) == (State.RELEASED, 0, 475)
    # No two refunds have one number, though so much as before is refunded.
    for part in (510, 500, 1_010):
        service.refund_within(ORDER, Money(part, "EUR"))
        now()
    assert on(AccountKind.PROVIDER) == -7_480


def test_the_providers_fee_is_the_houses(ana: MemberId, bo: MemberId) -> None:
    payment = expect(ana, bo, Method.CARD)
    assert service.captured_within(payment, Money(10_000, "EUR"), "pi_1", Money(175, "EUR"))
    assert (now().state, on(AccountKind.PROVIDER), on(AccountKind.PROVIDER_FEES)) == (State.PAID, -9_825, -175)
