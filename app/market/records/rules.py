"""What an order tells of its two sides, and what a record is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from app.market.orders.values import Action, Delivery, Payment, Stage, Who
from app.market.records.values import Bucket, Counts, Credit, CreditStep, Done, Ended, Limits

FEW: Final = 3  # below, numbers say nothing
# What each step takes: so many completed purchases, so many of a hundred paid on time, and no case lost.
CREDIT: Final = (
    CreditStep(credit=Credit.NO_DEPOSIT, completed=3, percent=90),
    CreditStep(credit=Credit.PAY_AFTER_RECEIPT, completed=10, percent=95),
    CreditStep(credit=Credit.HIGHER_LIMIT, completed=20, percent=95),
)
_GOOD, _MIXED = 95, 80


def outcome_of(order: Ended, role: Who, limits: Limits) -> Counts:
    """What one order says of one side; before it is over, nothing."""
    if order.stage not in {Stage.COMPLETED, Stage.CANCELLED}:
        return Counts()
    timely = _buyer(order, limits) if role is Who.BUYER else _seller(order, limits)
    agreed = _when(order, Action.CONFIRM) is not None
    called_off = any(step.action is Action.CANCEL and step.who is role for step in order.steps)
    settled = _when(order, Action.SETTLE) is not None
    return replace(
        timely,
        completed=int(order.stage is Stage.COMPLETED),
        cancelled=int(agreed and called_off),
        # A case that gives all of the price back is lost by the seller; others say nothing of who was wrong.
        lost=int(settled and order.given_back and role is Who.SELLER),
    )


def _buyer(order: Ended, limits: Limits) -> Counts:
    agreed, paid = _when(order, Action.CONFIRM), _paid(order)
    if agreed is None:
        return Counts()
    if paid is not None:
        in_time = order.payment is Payment.IN_PERSON or paid - agreed <= limits.transfer
        return Counts(on_time=int(in_time), late=int(not in_time))
    ended = _when(order, Action.EXPIRE)
    waited = ended is not None and order.payment is Payment.BANK_TRANSFER and ended - agreed >= limits.transfer
    return Counts(missed=int(waited))


def _seller(order: Ended, limits: Limits) -> Counts:
    agreed, paid, ended = _when(order, Action.CONFIRM), _paid(order), _when(order, Action.EXPIRE)
    if agreed is None:
        return Counts(missed=int(ended is not None and ended - order.created_at >= limits.answer))
    if _when(order, Action.HAND_OVER) is not None:
        return Counts(on_time=1)
    sent = _when(order, Action.SHIP)
    since = paid or agreed
    if sent is not None:
        return Counts(on_time=int(sent - since <= limits.sent_soon), late=int(sent - since > limits.sent_soon))
    unsent = ended is not None and paid is not None and order.delivery is Delivery.SHIP
    return Counts(missed=int(unsent and ended is not None and ended - since >= limits.shipment))


def _when(order: Ended, action: Action) -> datetime | None:
    return next((step.at for step in order.steps if step.action is action), None)


def _paid(order: Ended) -> datetime | None:
    """When the buyer said so; else when the seller saw it, or the cash changed hands."""
    pays: list[Done] = [step for step in order.steps if step.action in {Action.PAY, Action.MARK_PAID}]
    if pays:
        return pays[0].at
    return _when(order, Action.HAND_OVER) if order.payment is Payment.IN_PERSON else None


def bucket_of(counts: Counts) -> Bucket:
    """In words; what was cancelled or missed, who did not come and what was lost weigh as much as being late."""
    bad = counts.late + counts.missed + counts.no_show + counts.lost + counts.cancelled
    good = counts.on_time
    if counts.completed < FEW and bad < FEW:
        return Bucket.NEW
    share = 100 * good // (good + bad) if good + bad else 0
    if share >= _GOOD:
        return Bucket.GOOD
    return Bucket.MIXED if share >= _MIXED else Bucket.POOR


def credit_of(counts: Counts) -> list[CreditStep]:
    """Each step of credit of a buyer, and what is missing."""
    share = 100 * counts.on_time // counts.promised if counts.promised else 0
    found = []
    for step in CREDIT:
        lacks = max(0, step.completed - counts.completed)
        clean = not counts.lost and not counts.no_show and share >= step.percent
        found.append(replace(step, reached=not lacks and clean, lacks=lacks))
    return found
