"""An order that is paid by card: only where a provider is, and it goes on by the provider's word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Invalid
from app.kernel.ids import MemberId, PaymentId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.listings.queries import get_listing
from app.market.orders import checks, deadlines, queries, service
from app.market.orders.paying import card_page
from app.market.orders.rules import NotNow
from app.market.orders.values import Action, Due, Given, Placing, Stage
from app.notifications.inbox.models import NotificationRow
from app.payments.escrow import checks as escrow_checks
from app.payments.escrow.queries import find_payment
from app.payments.escrow.service import captured_within, dispute_within, reinstate_within
from app.payments.ledger import checks as ledger_checks
from app.payments.ledger.queries import purse
from app.payments.ledger.values import AccountKind, AccountRef
from app.payments.payouts.service import pay_out, save_account
from app.platform.database import db
from app.platform.event_log import run_reactions
from tests.support.orders import ADDRESS, Deal, bring, deal, order, pay_by_card, sell, take_cards
from tests.support.people import MemberFactory

SHIP = {"delivery": "ship", "payment": "card", "address": ADDRESS}
MEET = {"delivery": "meet", "payment": "card"}
TOTAL = Money(4000, "EUR")
IBAN = "SE45 5000 0000 0583 9825 7466"


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    take_cards(app, commission="5")
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


def payment_of(made: Deal) -> PaymentId:
    found = find_payment(Subject("order", made.order))
    assert found is not None
    return found.id


def seen(made: Deal) -> tuple[Stage, Due | None]:
    db.session.rollback()
    card = queries.get_order(made.buyer, made.order).card
    assert checks.run() + escrow_checks.run() + ledger_checks.run() == []
    return card.stage, card.due


def told(member_id: MemberId) -> list[str]:
    run_reactions()
    rows = select(NotificationRow.kind).where(NotificationRow.member_id == member_id)
    return list(db.session.scalars(rows.order_by(NotificationRow.at, NotificationRow.id)))


def on(kind: AccountKind, owner: MemberId | None = None) -> int:
    return purse(AccountRef(kind, owner), "EUR").balance.minor


def after(time: timedelta) -> Any:
    return clock.freeze(clock.now() + time)


def test_from_the_card_to_the_payout(ana: MemberId, bo: MemberId, member: MemberFactory) -> None:
    run_reactions()
    made = deal(ana, bo, Stage.CONFIRMED, **SHIP)
    assert seen(made) == (Stage.CONFIRMED, Due.CARD)
    with pytest.raises(NotNow):
        service.act(ana, made.order, Action.PAY)
    with pytest.raises(NotNow):
        service.act(bo, made.order, Action.MARK_PAID)
    captured_within(payment_of(made), TOTAL, "pi_1")
    assert told(bo) == ["order_placed", "order_paid"]
    assert told(ana) == ["order_changed", "payment_arrived"]
    assert seen(made) == (Stage.CONFIRMED, Due.SHIPMENT)
    assert not service.follow_payment(made.order)
    detail = queries.get_order(bo, made.order)
    assert [step.code for step in detail.steps] == ["confirm", "mark_paid_by_provider"]
    assert (detail.money.commission, detail.money.earned) == (Money(200, "EUR"), Money(3800, "EUR"))
    service.act(bo, made.order, Action.SHIP, Given(carrier="DHL", tracking="1"))
    service.act(ana, made.order, Action.RECEIVE)
    assert (on(AccountKind.ESCROW, ana), on(AccountKind.PAYABLE, bo)) == (4000, 0)
    service.act(ana, made.order, Action.COMPLETE)
    assert (on(AccountKind.ESCROW, ana), on(AccountKind.PAYABLE, bo), on(AccountKind.COMMISSION)) == (0, 3800, 200)
    save_account(bo, "Bo Berg", IBAN)
    pay_out(member("olli", role="operator"))
    assert told(bo)[-1] == "payout_sent"
    assert seen(made) == (Stage.COMPLETED, None)


@pytest.mark.parametrize("how", [SHIP, MEET])
def test_it_is_called_off_when_nobody_pays_in_time(ana: MemberId, bo: MemberId, how: dict[str, str]) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **how)
    with after(timedelta(minutes=11)):
        assert (deadlines.remind(), deadlines.end_overdue()) == (1, 0)
    with after(timedelta(minutes=16)):
        assert deadlines.end_overdue() == 1
        assert seen(made) == (Stage.CANCELLED, None)
        # Minutes late, the card was charged all the same: it goes back.
        captured_within(payment_of(made), TOTAL, "pi_1")
        run_reactions()
    assert seen(made) == (Stage.CANCELLED, None)
    assert "refunded" in told(ana)
    assert on(AccountKind.PROVIDER) == 0


def test_what_was_paid_in_time_is_not_called_off_though_nobody_has_heard(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **SHIP)
    captured_within(payment_of(made), TOTAL, "pi_1")
    with after(timedelta(minutes=16)):
        assert (deadlines.remind(), deadlines.end_overdue()) == (0, 0)
    assert seen(made) == (Stage.CONFIRMED, Due.SHIPMENT)
    run_reactions()
    assert seen(made) == (Stage.CONFIRMED, Due.SHIPMENT)


def test_cards_and_a_meeting(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **MEET)
    assert "hand_over" not in queries.get_order(bo, made.order).can
    pay_by_card(made)
    assert seen(made) == (Stage.CONFIRMED, Due.TIME)
    other = deal(ana, bo, **MEET)
    bring(other, Stage.COMPLETED)
    assert seen(other) == (Stage.COMPLETED, None)
    assert on(AccountKind.PAYABLE, bo) == 3800


def test_the_sellers_cancelling_sends_the_money_back(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **SHIP)
    pay_by_card(made)
    service.act(bo, made.order, Action.CANCEL, Given(reason="It broke"))
    assert seen(made) == (Stage.CANCELLED, None)
    assert queries.get_order(ana, made.order).money.refund_state == "full"
    assert queries.get_order(ana, made.order).can == set()


def test_a_bank_that_takes_it_back_before_it_is_sent_ends_the_order(ana: MemberId, bo: MemberId) -> None:
    run_reactions()
    made = deal(ana, bo, Stage.CONFIRMED, **SHIP)
    pay_by_card(made)
    dispute_within(payment_of(made), TOTAL, "dp_1")
    assert "ship" not in queries.get_order(bo, made.order).can
    assert "payment_disputed" in told(bo)
    assert seen(made) == (Stage.CANCELLED, None)
    assert get_listing(ana, made.listing).card.status == "active"
    assert queries.get_order(bo, made.order).steps[-1].code == "cancel_by_provider"
    sent = deal(ana, bo, Stage.SHIPPED, **SHIP)
    dispute_within(payment_of(sent), TOTAL, "dp_2")
    run_reactions()
    assert seen(sent) == (Stage.SHIPPED, Due.ARRIVAL)


def test_a_dispute_that_is_won_ends_as_the_deal_has_ended(ana: MemberId, bo: MemberId) -> None:
    off, done = deal(ana, bo, Stage.CONFIRMED, **SHIP), deal(ana, bo, Stage.SHIPPED, **SHIP)
    pay_by_card(off)
    for made, name in ((off, "dp_1"), (done, "dp_2")):
        dispute_within(payment_of(made), TOTAL, name)
    run_reactions()
    service.act(ana, done.order, Action.RECEIVE)
    service.act(ana, done.order, Action.COMPLETE)
    assert (seen(off)[0], seen(done)[0], on(AccountKind.PAYABLE, bo)) == (Stage.CANCELLED, Stage.COMPLETED, 0)
    for made, name in ((off, "dp_1"), (done, "dp_2")):
        reinstate_within(payment_of(made), name)
    assert "dispute_won" in told(bo)
    assert queries.get_order(ana, off.order).money.refund_state == "full", "never sent: the buyer has it back"
    assert (on(AccountKind.PAYABLE, bo), on(AccountKind.PROVIDER)) == (3800, -4000)
    assert seen(done)[0] is Stage.COMPLETED


def test_where_no_card_is_taken(app: Flask, ana: MemberId, bo: MemberId) -> None:
    take_cards(app, commission="0")
    kronur = sell(bo, "Lamp", "4000", "ISK")
    with pytest.raises(Invalid) as refused:
        order(ana, kronur, **SHIP)
    assert refused.value.error_code == "bad_way"
    app.config["KIN"] = type(app.config["KIN"])(
        data_dir=app.config["KIN"].data_dir, database_url=app.config["KIN"].database_url
    )
    with pytest.raises(Invalid) as refused:
        order(ana, sell(bo), **SHIP)
    assert refused.value.error_code == "payment_not_open"


def test_a_price_that_both_agreed_on_is_paid_at_once(ana: MemberId, bo: MemberId) -> None:
    lamp = sell(bo)
    made = service.place_order(
        ana, Placing(buyer_id=ana, subject=Subject("listing", lamp), agreed=True, source_kind="offer", **SHIP)
    )
    assert seen(Deal(ana, bo, lamp, made)) == (Stage.CONFIRMED, Due.CARD)
    with pytest.raises(NotNow):
        card_page(bo, made)
