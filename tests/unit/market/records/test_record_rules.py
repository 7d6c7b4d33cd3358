"""What an order says of its two sides, and what a record is worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.market.orders.values import Action, Delivery, Payment, Stage, Who
from app.market.records import rules
from app.market.records.values import Bucket, Counts, Credit, Done, Ended, Limits

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LIMITS = Limits(
    answer=timedelta(hours=48),
    transfer=timedelta(hours=48),
    shipment=timedelta(days=14),
    sent_soon=timedelta(days=3),
)
SELLER, BUYER, CLOCK = Who.SELLER, Who.BUYER, Who.CLOCK


def order(stage: Stage, *steps: tuple[Action, Who, float], ship: bool = True, given_back: bool = False) -> Ended:
    """Each step so many hours after the order was placed."""
    return Ended(
        stage=stage,
        delivery=Delivery.SHIP if ship else Delivery.MEET,
        payment=Payment.BANK_TRANSFER if ship else Payment.IN_PERSON,
        created_at=NOON,
        steps=[Done(action=action, who=who, at=NOON + timedelta(hours=hours)) for action, who, hours in steps],
        given_back=given_back,
    )


CONFIRMED = (Action.CONFIRM, SELLER, 1)
PAID = (Action.PAY, BUYER, 2)


@pytest.mark.parametrize(
    ("made", "role", "counts"),
    [
        (order(Stage.CONFIRMED, CONFIRMED), BUYER, Counts()),
        (
            order(Stage.COMPLETED, CONFIRMED, PAID, (Action.SHIP, SELLER, 50)),
            SELLER,
            Counts(completed=1, on_time=1),
        ),
        (order(Stage.COMPLETED, CONFIRMED, PAID, (Action.SHIP, SELLER, 90)), SELLER, Counts(completed=1, late=1)),
        (order(Stage.COMPLETED, CONFIRMED, PAID), BUYER, Counts(completed=1, on_time=1)),
        (order(Stage.COMPLETED, CONFIRMED, (Action.MARK_PAID, SELLER, 72)), BUYER, Counts(completed=1, late=1)),
        (
            order(Stage.COMPLETED, CONFIRMED, (Action.HAND_OVER, SELLER, 300), ship=False),
            BUYER,
            Counts(completed=1, on_time=1),
        ),
        (order(Stage.CANCELLED, CONFIRMED, (Action.EXPIRE, CLOCK, 50)), BUYER, Counts(missed=1)),
        # Called off because somebody has left, not because the time ran out.
        (order(Stage.CANCELLED, CONFIRMED, (Action.EXPIRE, CLOCK, 5)), BUYER, Counts()),
        (order(Stage.CANCELLED, (Action.EXPIRE, CLOCK, 48)), SELLER, Counts(missed=1)),
        (order(Stage.CANCELLED, (Action.EXPIRE, CLOCK, 48)), BUYER, Counts()),
        (order(Stage.CANCELLED, CONFIRMED, PAID, (Action.EXPIRE, CLOCK, 400)), SELLER, Counts(missed=1)),
        (order(Stage.CANCELLED, CONFIRMED, (Action.CANCEL, BUYER, 2)), BUYER, Counts(cancelled=1)),
        (order(Stage.CANCELLED, CONFIRMED, (Action.CANCEL, BUYER, 2)), SELLER, Counts()),
        (order(Stage.CANCELLED, (Action.CANCEL, BUYER, 2)), BUYER, Counts()),
        (
            order(Stage.COMPLETED, CONFIRMED, PAID, (Action.SETTLE, Who.CASE, 500), given_back=True),
            SELLER,
            Counts(completed=1, lost=1),
        ),
        (
            order(Stage.COMPLETED, CONFIRMED, PAID, (Action.SETTLE, Who.CASE, 500), given_back=True),
            BUYER,
            Counts(completed=1, on_time=1),
        ),
    ],
)
def test_what_an_order_says(made: Ended, role: Who, counts: Counts) -> None:
    assert rules.outcome_of(made, role, LIMITS) == counts


@pytest.mark.parametrize(
    ("counts", "bucket"),
    [
        (Counts(), Bucket.NEW),
        (Counts(completed=2, on_time=2), Bucket.NEW),
        (Counts(completed=3, on_time=3), Bucket.GOOD),
        (Counts(completed=9, on_time=9, late=1), Bucket.MIXED),
        (Counts(completed=3, on_time=3, cancelled=3), Bucket.POOR),
        (Counts(missed=3), Bucket.POOR),
    ],
)
def test_buckets(counts: Counts, bucket: Bucket) -> None:
    assert rules.bucket_of(counts) is bucket


def test_credit_grows_step_by_step_and_a_lost_case_ends_it() -> None:
    def reached(counts: Counts) -> list[Credit]:
        return [step.credit for step in rules.credit_of(counts) if step.reached]

    assert reached(Counts(completed=2, on_time=2)) == []
    assert reached(Counts(completed=3, on_time=3)) == [Credit.NO_DEPOSIT]
    assert reached(Counts(completed=20, on_time=20)) == list(Credit)
    assert reached(Counts(completed=20, on_time=18, late=2)) == [Credit.NO_DEPOSIT]
    assert reached(Counts(completed=20, on_time=20, lost=1)) == []
    assert rules.credit_of(Counts(completed=1))[1].lacks == 9


def test_what_is_added_can_be_taken_away() -> None:
    one, two = Counts(completed=2, late=1), Counts(completed=1, on_time=1)
    assert one.plus(two).plus(two, -1) == one
