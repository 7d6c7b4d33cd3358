"""The one table of what may happen to an order: who does it, from where to where, and until when.

Pages, API, jobs and the picture in the documentation are drawn from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final

from app.kernel.errors import N_, Conflict, Invalid
from app.kernel.money import Money, Rounding
from app.market.orders.values import (
    Action,
    Delivery,
    Doable,
    Due,
    MoneyState,
    Paid,
    Payment,
    Refunded,
    Stage,
    Who,
)
from app.payments.escrow.values import Paid as Arrived
from app.payments.escrow.values import PaymentFacts


class NotNow(Conflict):
    """The order is not where this can be done, or somebody else has just done something."""

    code = "not_now"

    def __init__(self) -> None:
        super().__init__(N_("This isn’t possible at this point. Look at the order again."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that decides what may be done."""

    stage: Stage
    delivery: Delivery
    payment: Payment
    money: MoneyState
    proposed_by: Who | None = None
    meeting_agreed: bool = False
    booked: bool = False  # the time was taken from a calendar, and is moved there
    bound: bool = False  # too late for the buyer to call the booked time off
    set_aside: bool = False  # by the seller, for somebody who has said that they want it
    held: bool = False  # a case is open: nothing runs out, and nobody ends it alone
    reviewed: frozenset[Who] = frozenset()  # who has said how it was, or is too late for it
    late: bool = False  # somebody was reminded of what they have to do, and has not done it


Condition = Callable[[Situation], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A line of the table. `to` None: the stage stays. `when`: what else must be so."""

    stage: Stage
    action: Action
    who: tuple[Who, ...]
    to: Stage | None = None
    needs: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    held: bool = False  # whether it is possible while a case is open


def at_a_meeting(now: Situation) -> bool:
    return now.delivery is Delivery.MEET


def by_post(now: Situation) -> bool:
    return now.delivery is Delivery.SHIP


def by_transfer(now: Situation) -> bool:
    return now.payment is Payment.BANK_TRANSFER


def by_card(now: Situation) -> bool:
    return now.payment is Payment.CARD


def ahead(now: Situation) -> bool:
    """Whether it is paid before it is handed over or sent."""
    return now.payment is not Payment.IN_PERSON


def unpaid(now: Situation) -> bool:
    return now.money.state is Paid.NONE


def not_arrived(now: Situation) -> bool:
    return now.money.state in {Paid.NONE, Paid.PROMISED, Paid.PART}


def paid(now: Situation) -> bool:
    return now.money.state in {Paid.FULL, Paid.OVER} and now.money.refund_state is not Refunded.FULL


def taken_back(now: Situation) -> bool:
    """Whether all that was paid has gone again, by the buyer's bank or so."""
    return now.money.refund_state is Refunded.FULL


def paid_or_cash(now: Situation) -> bool:
    return paid(now) or now.payment is Payment.IN_PERSON


def set_aside(now: Situation) -> bool:
    """Whether the buyer may take it without a code: their word is what makes it a sale."""
    return now.set_aside and now.delivery is Delivery.MEET and now.payment is Payment.IN_PERSON


def not_booked(now: Situation) -> bool:
    return not now.booked


def proposed(now: Situation) -> bool:
    return now.proposed_by is not None and not now.meeting_agreed


def late_with_it(now: Situation) -> bool:
    """The buyer has paid, or says so, and the other side lets them wait."""
    return now.late and now.money.state is not Paid.NONE


def refund_due(now: Situation) -> bool:
    return bool(now.money.refund_due)


BOTH: Final = (Who.BUYER, Who.SELLER)
_S, _A = Stage, Action
MOVES: Final[tuple[Move, ...]] = (
    Move(stage=_S.PLACED, action=_A.CONFIRM, who=(Who.SELLER,), to=_S.CONFIRMED),
    Move(stage=_S.PLACED, action=_A.CANCEL, who=BOTH, to=_S.CANCELLED, needs=("reason",)),
    Move(stage=_S.PLACED, action=_A.EXPIRE, who=(Who.CLOCK,), to=_S.CANCELLED),
    Move(stage=_S.CONFIRMED, action=_A.PAY, who=(Who.BUYER,), when=(ahead, unpaid)),
    Move(stage=_S.CONFIRMED, action=_A.MARK_PAID, who=(Who.SELLER,), when=(by_transfer, not_arrived)),
    # What the provider says is so, whoever has complained of what.
    Move(stage=_S.CONFIRMED, action=_A.MARK_PAID, who=(Who.PROVIDER,), when=(by_card, paid), held=True),
    Move(stage=_S.CONFIRMED, action=_A.CANCEL, who=(Who.PROVIDER,), to=_S.CANCELLED, when=(by_card, taken_back)),
    Move(stage=_S.CONFIRMED, action=_A.AGREE, who=BOTH, when=(at_a_meeting, proposed)),
    Move(
        stage=_S.CONFIRMED,
        action=_A.HAND_OVER,
        who=(Who.SELLER,),
        to=_S.HANDED_OVER,
        needs=("code",),
        when=(at_a_meeting, paid_or_cash),
    ),
    Move(stage=_S.CONFIRMED, action=_A.RECEIVE, who=(Who.BUYER,), to=_S.RECEIVED, when=(set_aside,)),
    Move(stage=_S.CONFIRMED, action=_A.PROPOSE, who=BOTH, needs=("at", "place"), when=(at_a_meeting, not_booked)),
    Move(
        stage=_S.CONFIRMED,
        action=_A.SHIP,
        who=(Who.SELLER,),
        to=_S.SHIPPED,
        needs=("carrier", "tracking"),
        when=(by_post, paid),
    ),
    Move(stage=_S.CONFIRMED, action=_A.CANCEL, who=BOTH, to=_S.CANCELLED, needs=("reason",)),
    Move(stage=_S.CONFIRMED, action=_A.OPEN_CASE, who=(Who.BUYER,), when=(late_with_it,)),
    Move(stage=_S.CONFIRMED, action=_A.EXPIRE, who=(Who.CLOCK,), to=_S.CANCELLED),
    Move(stage=_S.CONFIRMED, action=_A.SETTLE, who=(Who.CASE,), to=_S.CANCELLED, held=True),
    *(
        move
        for stage in (_S.HANDED_OVER, _S.SHIPPED)
        for move in (
            Move(stage=stage, action=_A.RECEIVE, who=(Who.BUYER,), to=_S.RECEIVED),
            Move(stage=stage, action=_A.OPEN_CASE, who=BOTH),
            Move(stage=stage, action=_A.FINISH, who=(Who.CLOCK,), to=_S.COMPLETED),
            Move(stage=stage, action=_A.SETTLE, who=(Who.CASE,), to=_S.COMPLETED, held=True),
        )
    ),
    Move(stage=_S.RECEIVED, action=_A.COMPLETE, who=(Who.BUYER,), to=_S.COMPLETED),
    Move(stage=_S.RECEIVED, action=_A.OPEN_CASE, who=BOTH),
    Move(stage=_S.RECEIVED, action=_A.FINISH, who=(Who.CLOCK,), to=_S.COMPLETED),
    Move(stage=_S.RECEIVED, action=_A.SETTLE, who=(Who.CASE,), to=_S.COMPLETED, held=True),
    Move(stage=_S.COMPLETED, action=_A.REVIEW, who=BOTH),
    *(
        # After a cancelling, or a case that gave a part back.
        Move(stage=stage, action=_A.MARK_REFUNDED, who=(Who.BUYER,), when=(refund_due,))
        for stage in (_S.CANCELLED, _S.COMPLETED)
    ),
)
# What whoever was reminded of it lets the other side wait for.
LATE: Final = frozenset({Due.RECEIPT, Due.SHIPMENT, Due.MEETING})
# Done in rooms of their own, which have pages for them.
ELSEWHERE: Final = frozenset({_A.OPEN_CASE, _A.REVIEW})
_OPEN: Final = (Stage.PLACED, Stage.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long something may take, and how long before the end somebody is reminded; `ends` it then."""

    after: timedelta
    remind: timedelta
    ends: Action | None
    waits_for: Who | None
    expects: tuple[Action, ...]


def _deadline(
    after: timedelta, remind: timedelta, waits_for: Who | None, *expects: Action, ends: Action | None = Action.EXPIRE
) -> Deadline:
    return Deadline(after, remind, ends, waits_for, expects)


DEADLINES: Final[Mapping[Due, Deadline]] = {
    Due.ANSWER: _deadline(timedelta(hours=48), timedelta(hours=12), Who.SELLER, _A.CONFIRM),
    Due.CARD: _deadline(timedelta(minutes=15), timedelta(minutes=5), Who.BUYER, _A.PAY),
    Due.TRANSFER: _deadline(timedelta(hours=48), timedelta(hours=12), Who.BUYER, _A.PAY),
    Due.RECEIPT: _deadline(timedelta(days=14), timedelta(days=11), Who.SELLER, _A.MARK_PAID),
    Due.TIME: _deadline(timedelta(hours=48), timedelta(hours=12), None, _A.AGREE, _A.PROPOSE),
    Due.MEETING: _deadline(timedelta(days=14), timedelta(days=3), Who.SELLER, _A.HAND_OVER),
    # Reminded after 3 days, called off after 14.
    Due.SHIPMENT: _deadline(timedelta(days=14), timedelta(days=11), Who.SELLER, _A.SHIP),
    # “Did it arrive?” ends nothing: it begins the last of the times.
    Due.ARRIVAL: _deadline(timedelta(days=12), timedelta(0), Who.BUYER, _A.RECEIVE, ends=None),
    Due.COMPLETION: _deadline(
        timedelta(days=14), timedelta(days=3), Who.BUYER, _A.RECEIVE, _A.COMPLETE, ends=_A.FINISH
    ),
}


@lru_cache(maxsize=8)
def times_of(changed: tuple[tuple[str, timedelta, timedelta | None], ...]) -> Mapping[Due, Deadline]:
    """All deadlines with what the operator has changed: its name, how long, and the reminder before the end.

    A reminder that would come before the beginning comes at the half.
    """
    found = dict(DEADLINES)
    for name, after, remind in changed:
        if name not in found:
            continue  # of another room
        before = found[Due(name)]
        told = before.remind if remind is None else remind
        found[Due(name)] = replace(before, after=after, remind=told if told < after else after / 2)
    return found


def allowed(now: Situation, who: Who) -> list[Move]:
    """What `who` may do now, in the order of the table."""
    return [
        move
        for move in MOVES
        if move.stage is now.stage
        and who in move.who
        and (move.held or not now.held)
        and all(holds(now) for holds in move.when)
        and not (move.action is Action.AGREE and now.proposed_by is who)
        and not (move.action is Action.CANCEL and now.bound and who is Who.BUYER)
        and not (move.action is Action.REVIEW and who in now.reviewed)
    ]


def move_for(now: Situation, who: Who, action: Action) -> Move:
    """The line of the table for it; raises `NotNow`."""
    for move in allowed(now, who):
        if move.action is action:
            return move
    raise NotNow


def elsewhere(now: Situation, action: Action) -> bool:
    """Whether it is done on another page: of a room of its own, or of the provider where a card is paid."""
    return action in ELSEWHERE or (action is Action.PAY and by_card(now))


def provider_says(now: Situation, due: Due | None) -> Action | None:
    """What follows from the money that a provider has moved; once: then the order waits for something else."""
    if now.stage is not Stage.CONFIRMED or not by_card(now):
        return None
    if taken_back(now):
        return None if now.held else Action.CANCEL
    return Action.MARK_PAID if due is Due.CARD and paid(now) else None


def doable(now: Situation, who: Who, until: datetime | None) -> list[Doable]:
    """What pages and the API offer."""
    return [Doable(action=move.action, who=who, needs=move.needs, until=until) for move in allowed(now, who)]


def is_late(due: Due | None, until: datetime | None, remind: timedelta, at: datetime) -> bool:
    """Whether the reminder has passed without what it was about."""
    return due in LATE and until is not None and at >= until - remind


def next_of(now: Situation, until: datetime | None) -> Doable | None:
    """What the order waits for, and of whom; None when it is over."""
    due = due_of(now)
    if due is None:
        return None
    limit = DEADLINES[due]
    people = (limit.waits_for,) if limit.waits_for else BOTH
    open_now = [one for who in people for one in doable(now, who, until)]
    return next((one for action in limit.expects for one in open_now if one.action is action), None)


def due_of(now: Situation) -> Due | None:
    """What the order waits for; None when nothing runs out."""
    if now.held:
        return None
    match now.stage:
        case Stage.PLACED:
            return Due.ANSWER
        case Stage.CONFIRMED:
            return _due_before_hand_over(now)
        case Stage.SHIPPED:
            return Due.ARRIVAL
        case Stage.HANDED_OVER | Stage.RECEIVED:
            return Due.COMPLETION
        case _:
            return None


def _due_before_hand_over(now: Situation) -> Due:
    if not_arrived(now) and now.payment is not Payment.IN_PERSON:
        if now.payment is Payment.CARD:
            return Due.CARD
        return Due.RECEIPT if now.money.state is not Paid.NONE else Due.TRANSFER
    if now.delivery is Delivery.SHIP:
        return Due.SHIPMENT
    return Due.MEETING if now.meeting_agreed or now.set_aside else Due.TIME


def money_of(payment: PaymentFacts | None, total: Money) -> MoneyState:
    """Where the money is, by the ledger's word; of a gift there is none."""
    nothing = replace(total, minor=0)
    if payment is None:
        return MoneyState(total=total, paid=nothing, refunded=nothing, refund_due=nothing)
    return MoneyState(
        total=total,
        paid=payment.total if payment.paid is Arrived.FULL else nothing,
        refunded=payment.refunded,
        refund_due=payment.refund_due,
        promised=payment.buyer_said_at is not None,
        commission=payment.commission,
    )


def check_way(delivery: str, payment: str, address: str, *, cards: bool = False) -> tuple[Delivery, Payment]:
    """How it gets there and how it is paid must go together; `cards`: whether a provider takes them here."""
    try:
        way, paying = Delivery(delivery), Payment(payment)
    except ValueError as problem:
        raise Invalid("Choose how you get it and how you pay.", code="bad_way") from problem
    if paying is Payment.CARD and not cards:
        raise Invalid("Card payments aren’t available here.", code="payment_not_open")
    if way is Delivery.SHIP and paying is Payment.IN_PERSON:
        raise Invalid("To pay in person, choose to meet.", code="bad_way")
    if way is Delivery.SHIP and not address.strip():
        raise Invalid("Enter the address it should be sent to.", code="address_missing")
    return way, paying


def included_tax(total: Money, rate: str | None) -> Money | None:
    """What of a price is tax: of 125 at a quarter, 25."""
    if not rate:
        return None
    share = Fraction(rate)
    return total.times(share / (1 + share), Rounding.HALF_UP)


def given_back(stage: Stage) -> bool:
    """Whether what was ordered can be had again when the order ends from this stage."""
    return stage in _OPEN
