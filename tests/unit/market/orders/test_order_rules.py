"""The table of an order: nothing leads back, somebody can always do something, and the picture is the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.market.orders import rules
from app.market.orders.values import Action, Delivery, Due, MoneyState, Payment, Refunded, Stage, Who
from app.platform.settings import ORDER_TIMES
from tools import draw_orders

FORTY, NOTHING = Money(4000, "EUR"), Money(0, "EUR")
UNPAID = MoneyState(total=FORTY, paid=NOTHING, refunded=NOTHING, refund_due=NOTHING)
PROMISED = replace(UNPAID, promised=True)
PAID = replace(UNPAID, paid=FORTY)
OVER = (Stage.COMPLETED, Stage.CANCELLED)
WAYS = [
    (Delivery.MEET, Payment.IN_PERSON),
    (Delivery.MEET, Payment.BANK_TRANSFER),
    (Delivery.SHIP, Payment.BANK_TRANSFER),
    (Delivery.MEET, Payment.CARD),
    (Delivery.SHIP, Payment.CARD),
]


def situations() -> list[rules.Situation]:
    return [
        rules.Situation(
            stage=stage,
            delivery=way[0],
            payment=way[1],
            money=money,
            proposed_by=by,
            meeting_agreed=bool(by and agreed),
        )
        for stage, way, money, by, agreed in product(
            Stage, WAYS, (UNPAID, PROMISED, PAID), (None, Who.BUYER, Who.SELLER), (False, True)
        )
        if not (money is PROMISED and way[1] is Payment.CARD)  # a provider knows, and does not promise
    ]


def test_an_order_that_is_not_over_always_waits_for_something_that_can_be_done() -> None:
    for now in situations():
        due = rules.due_of(now)
        assert (due is None) == (now.stage in OVER)
        if due is None:
            continue
        waits = rules.next_of(now, None)
        assert waits is not None, now
        assert waits.action in rules.DEADLINES[due].expects
        ends = rules.DEADLINES[due].ends
        assert ends is None or rules.move_for(now, Who.CLOCK, ends).to in OVER


def test_nobody_ships_or_hands_over_what_is_not_paid() -> None:
    for now in situations():
        doing = {move.action for move in rules.allowed(now, Who.SELLER)}
        if Action.SHIP in doing:
            assert rules.paid(now)
        if Action.HAND_OVER in doing:
            assert rules.paid(now) or now.payment is Payment.IN_PERSON


def test_nothing_leads_back() -> None:
    order = list(Stage)
    for move in rules.MOVES:
        assert move.to is None or order.index(move.to) > order.index(move.stage)


def test_a_case_holds_everything_but_its_decision() -> None:
    for now in situations():
        held = replace(now, held=True)
        assert rules.due_of(held) is None
        assert not [move for who in (Who.BUYER, Who.SELLER, Who.CLOCK) for move in rules.allowed(held, who)]


def test_money_is_told_by_what_is_there() -> None:
    assert [one.state.value for one in (UNPAID, PROMISED, PAID)] == ["none", "promised", "full"]
    assert replace(PAID, paid=Money(1, "EUR")).state == "part"
    assert replace(PAID, paid=Money(5000, "EUR")).state == "over"
    assert replace(UNPAID, total=NOTHING).state == "full"
    assert replace(PAID, refunded=Money(1, "EUR")).refund_state is Refunded.PART
    assert replace(PAID, refunded=FORTY).refund_state is Refunded.FULL


def test_the_operator_may_set_other_times() -> None:
    assert set(ORDER_TIMES) >= {due.value for due in Due}
    changed = rules.times_of((("answer", timedelta(hours=6), None), ("shipment", timedelta(days=7), timedelta(days=2))))
    assert (changed[Due.ANSWER].after, changed[Due.ANSWER].remind) == (timedelta(hours=6), timedelta(hours=3))
    assert (changed[Due.SHIPMENT].after, changed[Due.SHIPMENT].remind) == (timedelta(days=7), timedelta(days=2))
    assert changed[Due.TIME] == rules.DEADLINES[Due.TIME]


@pytest.mark.parametrize(
    ("delivery", "payment", "address", "code"),
    [
        ("ship", "in_person", "Lund", "bad_way"),
        ("ship", "bank_transfer", " ", "address_missing"),
        ("meet", "card", "", "payment_not_open"),
        ("fly", "in_person", "", "bad_way"),
        ("meet", "", "", "bad_way"),
    ],
)
def test_ways_that_do_not_go_together(delivery: str, payment: str, address: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_way(delivery, payment, address)
    assert refused.value.error_code == code


def test_the_committed_picture_is_drawn_from_the_table() -> None:
    page = draw_orders.PAGE.read_text(encoding="utf-8")
    assert draw_orders.drawn(page) == page, "run `make architecture`"


CARD = rules.Situation(stage=Stage.CONFIRMED, delivery=Delivery.SHIP, payment=Payment.CARD, money=UNPAID)


def test_cards_are_taken_where_a_provider_is() -> None:
    for way, address in (("meet", ""), ("ship", "Lund")):
        assert rules.check_way(way, "card", address, cards=True)[1] is Payment.CARD


def test_a_card_is_paid_at_the_provider_who_says_so_once() -> None:
    assert rules.due_of(CARD) is Due.CARD
    assert rules.elsewhere(CARD, Action.PAY)
    assert not rules.elsewhere(replace(CARD, payment=Payment.BANK_TRANSFER), Action.PAY)
    assert rules.provider_says(CARD, Due.CARD) is None
    paid = replace(CARD, money=PAID)
    assert rules.provider_says(paid, Due.CARD) is Action.MARK_PAID
    assert rules.provider_says(paid, Due.SHIPMENT) is None
    assert Action.MARK_PAID not in {move.action for move in rules.allowed(paid, Who.SELLER)}


def test_what_the_bank_has_taken_back_is_not_sent() -> None:
    gone = replace(CARD, money=replace(PAID, refunded=FORTY))
    assert rules.provider_says(gone, Due.SHIPMENT) is Action.CANCEL
    assert Action.SHIP not in {move.action for move in rules.allowed(gone, Who.SELLER)}
    assert rules.provider_says(replace(gone, stage=Stage.SHIPPED), Due.ARRIVAL) is None
    assert rules.provider_says(replace(gone, held=True), None) is None


def test_a_seller_earns_the_total_less_the_commission() -> None:
    assert PAID.earned == FORTY
    assert replace(PAID, commission=Money(200, "EUR")).earned == Money(3800, "EUR")


def test_what_of_a_price_is_tax() -> None:
    assert rules.included_tax(Money(12500, "EUR"), "0.25") == Money(2500, "EUR")
    assert rules.included_tax(Money(999, "EUR"), "0.19") == Money(160, "EUR")
    assert rules.included_tax(FORTY, None) is None
