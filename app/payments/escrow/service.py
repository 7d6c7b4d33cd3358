"""The money of a deal: promised and confirmed from hand to hand, or kept by the house between two people.

All functions `…_within` join the unit of work of the use case that calls them. Each first takes the row of the
payment and keeps it until the commit, so a refund, a release and a dispute of one payment follow each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, NotFound
from app.kernel.events import Event
from app.kernel.ids import MemberId, PaymentId, PostingId, PostingKey, new_id
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.escrow import events
from app.payments.escrow.models import PaymentRow
from app.payments.escrow.rules import arrived, check_due, check_is, check_refundable, commission, commission_back
from app.payments.escrow.values import PROMISED, Due, Method, State
from app.payments.ledger.queries import entries_under, times_reversed
from app.payments.ledger.service import hold_within, post_hold_within, transfer_within, void_hold_within
from app.payments.ledger.values import AccountKind, AccountRef, Entry, Leg, Movement
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.jobs import enqueue
from app.platform.sql import insert_or_ignore

_PROVIDER = AccountRef(AccountKind.PROVIDER)
_COMMISSION = AccountRef(AccountKind.COMMISSION)
_FEES = AccountRef(AccountKind.PROVIDER_FEES)


def expect_within(due: Due, *, commission_ppm: int = 0) -> PaymentId:
    """Somebody is to pay; from hand to hand it is a promise, which ends by itself. Once for each thing."""
    check_due(due)
    with unit_of_work() as unit:
        promised = due.method in PROMISED
        row = {
            "id": new_id(),
            "subject_kind": due.subject.kind,
            "subject_id": due.subject.id,
            "buyer_id": due.buyer_id,
            "seller_id": due.seller_id,
            "method": due.method,
            "state": State.PROMISED if promised else State.EXPECTED,
            "amount_minor": due.total.minor,
            "currency": due.total.currency,
            "commission_ppm": 0 if promised else commission_ppm,
            "until": due.until,
            "created_at": clock.now(),
            **dict.fromkeys(("refunded_minor", "released_minor", "refund_due_minor"), 0),
        }
        is_new = insert_or_ignore(PaymentRow, row, keys=("subject_kind", "subject_id"))
        payment = _taken(due.subject)
        if is_new and promised:
            key = PostingKey(f"payment:{payment.id}:promise")
            payment.hold_id = hold_within(_direct(payment, due.total), key, due.until)
            _record(unit, payment, events.PaymentPromised, due.total)
        return payment.id


def say_paid_within(subject: Subject, actor: MemberId) -> None:
    """The buyer says that they have paid."""
    with unit_of_work() as unit:
        payment = _taken(subject)
        check_is(actor, payment.buyer_id)
        if payment.state != State.PROMISED or payment.buyer_said_at is not None:
            return
        payment.buyer_said_at = clock.now()
        _record(unit, payment, events.PaymentMarkedPaid, payment.total)
        _settle_if_arrived(unit, payment, actor)


def say_received_within(subject: Subject, actor: MemberId) -> None:
    """The seller says that the money has come; cash counts when both have said so."""
    with unit_of_work() as unit:
        payment = _taken(subject)
        check_is(actor, payment.seller_id)
        if payment.state != State.PROMISED or payment.seller_said_at is not None:
            return
        payment.seller_said_at = clock.now()
        _settle_if_arrived(unit, payment, actor)


def settle_in_person_within(subject: Subject, actor: MemberId) -> None:
    """Both have confirmed at once: the one has shown the code of the meeting, and the other has entered it."""
    with unit_of_work() as unit:
        payment = _taken(subject)
        if payment.state != State.PROMISED:
            return
        payment.buyer_said_at = payment.buyer_said_at or clock.now()
        payment.seller_said_at = payment.seller_said_at or clock.now()
        _settle_if_arrived(unit, payment, actor)


def count_as_paid_within(subject: Subject) -> None:
    """The buyer says so, and whoever decides about the two believes it: what the seller has not confirmed counts."""
    with unit_of_work() as unit:
        payment = _taken(subject)
        if payment.state != State.PROMISED or payment.buyer_said_at is None:
            return
        payment.seller_said_at = payment.seller_said_at or clock.now()
        _settle_if_arrived(unit, payment, payment.buyer_id)


def captured_within(payment_id: PaymentId, amount: Money, provider_ref: str, fee: Money | None = None) -> bool:
    """The provider has the buyer's money: it is kept until it is released. Once; False when it was known.

    `fee` is what the provider keeps for itself, where it says so: an expense of the house.
    """
    with unit_of_work() as unit:
        payment = _by_id(payment_id)
        if payment.state not in (State.EXPECTED, State.CANCELLED):
            return False
        if amount != payment.total:
            raise Conflict("The payment provider charged a different amount.", code="bad_amount")
        late = payment.state == State.CANCELLED
        payment.provider_ref = provider_ref
        leg = _leg(payment, _PROVIDER, _escrow(payment), amount, Movement.PAYMENT)
        legs = [leg]
        if fee and fee.currency == amount.currency:
            legs.append(_leg(payment, _FEES, _PROVIDER, fee, Movement.PROVIDER_FEE))
        payment.posting_id = transfer_within(legs, PostingKey(f"payment:{payment.id}:captured"))[0]
        payment.state = State.PAID
        _record(unit, payment, events.PaymentReceived, amount)
        if late:  # the deal is off: it goes back at once
            _refund(unit, payment, amount, None)
        return True


def release_within(subject: Subject) -> None:
    """The deal is done: what is left of the money is the seller's, less the commission. The same again is no news."""
    with unit_of_work() as unit:
        payment = _taken(subject)
        if payment.state != State.PAID:
            return
        gross = payment.total - Money(payment.refunded_minor, payment.currency)
        payment.state = State.RELEASED
        if payment.method != Method.CARD:
            return
        fee = commission(gross, payment.commission_ppm)
        legs = [_leg(payment, _escrow(payment), _payable(payment), gross - fee, Movement.RELEASE)]
        if fee:
            legs.append(
                _leg(payment, _escrow(payment), _COMMISSION, fee, Movement.COMMISSION, rate=payment.commission_ppm)
            )
        transfer_within([leg for leg in legs if leg.money], PostingKey(f"payment:{payment.id}:release"))
        payment.released_minor = gross.minor
        _record(unit, payment, events.PaymentReleased, gross)


def refund_within(subject: Subject, amount: Money, actor: MemberId | None = None) -> None:
    """Give back so much: by the provider, or as the seller's promise that the buyer confirms."""
    with unit_of_work() as unit:
        payment = _taken(subject)
        taken = Money(payment.refunded_minor + payment.refund_due_minor, payment.currency)
        check_refundable(State(payment.state), payment.total, taken, amount)
        _refund(unit, payment, amount, actor)


def confirm_refund_within(subject: Subject, actor: MemberId) -> None:
    """The buyer says that the money has come back."""
    with unit_of_work() as unit:
        payment = _taken(subject)
        check_is(actor, payment.buyer_id)
        if not payment.refund_due_minor:
            return
        amount = Money(payment.refund_due_minor, payment.currency)
        back = _direct(payment, amount, back=True)
        transfer_within([back], PostingKey(f"payment:{payment.id}:refund:{times_reversed(payment.posting_id)}"))
        payment.refund_due_minor = 0
        _count_refund(unit, payment, amount)


def dispute_within(payment_id: PaymentId, amount: Money, dispute_ref: str) -> bool:
    """The buyer's bank has taken the money back; False when it was given back already, by a refund or so."""
    with unit_of_work() as unit:
        payment = _by_id(payment_id)
        left = payment.total - Money(payment.refunded_minor, payment.currency)
        if payment.state not in (State.PAID, State.RELEASED) or not left:
            return False
        taken = min(left, amount)
        key = PostingKey(f"payment:{payment.id}:dispute:{dispute_ref}")
        transfer_within(_legs_back(payment, taken, Movement.CHARGEBACK), key)
        payment.refunded_minor += taken.minor
        if payment.refunded_minor == payment.amount_minor:
            payment.state = State.REFUNDED
        _record(unit, payment, events.PaymentDisputed, taken)
        return True


def reinstate_within(payment_id: PaymentId, dispute_ref: str) -> bool:
    """A dispute is won: what it took comes again, to where it is the seller's or is kept. Once; else False."""
    with unit_of_work() as unit:
        payment = _by_id(payment_id)
        taken = entries_under(PostingKey(f"payment:{payment.id}:dispute:{dispute_ref}"))
        if not taken:
            if payment.refunded_minor < payment.amount_minor:
                raise Conflict("The dispute is not known yet.", code="not_yet")
            return False
        if times_reversed(taken[0].id):
            return False
        amount = replace(payment.total, minor=sum(one.amount.minor for one in taken))
        legs = [leg for one in taken for leg in _legs_again(payment, one)]
        transfer_within(legs, PostingKey(f"payment:{payment.id}:won:{dispute_ref}"))
        payment.refunded_minor -= amount.minor
        payment.state = State.RELEASED if payment.released_minor else State.PAID
        _record(unit, payment, events.PaymentReinstated, amount)
        return True


def cancel_within(subject: Subject) -> None:
    """The deal is off: what was promised is let go of, what was paid is given back. The same again is no news."""
    with unit_of_work() as unit:
        payment = _taken(subject)
        if payment.state in (State.PROMISED, State.EXPECTED):
            if payment.hold_id is not None:
                _let_go(payment)
            payment.state = State.CANCELLED
            _record(unit, payment, events.PaymentCancelled, payment.total)
        elif payment.state == State.PAID:
            rest = payment.amount_minor - payment.refunded_minor - payment.refund_due_minor
            if rest:
                _refund(unit, payment, Money(rest, payment.currency), None)


def _settle_if_arrived(unit: UnitOfWork, payment: PaymentRow, actor: MemberId) -> None:
    said = {"buyer_said": payment.buyer_said_at is not None, "seller_said": payment.seller_said_at is not None}
    if not arrived(Method(payment.method), **said):
        return
    key = PostingKey(f"payment:{payment.id}:received")
    try:
        if payment.hold_id is None:
            raise NotFound("Nothing is held here.")
        payment.posting_id = post_hold_within(payment.hold_id, payment.total, key)
    except Conflict:
        # Late, but paid: the promise had ended, the money has come.
        payment.posting_id = transfer_within([_direct(payment, payment.total, actor=actor)], key)[0]
    payment.state = State.PAID
    _record(unit, payment, events.PaymentReceived, payment.total)


def _let_go(payment: PaymentRow) -> None:
    if payment.hold_id is None:
        return
    try:
        void_hold_within(payment.hold_id, PostingKey(f"payment:{payment.id}:cancelled"))
    except Conflict:  # it had ended by itself
        return


def _refund(unit: UnitOfWork, payment: PaymentRow, amount: Money, actor: MemberId | None) -> None:
    if payment.method != Method.CARD:
        payment.refund_due_minor += amount.minor
        _record(unit, payment, events.RefundPromised, amount)
        return
    # Whatever has come again meanwhile: no two refunds have one number.
    number = times_reversed(payment.posting_id)
    legs = _legs_back(payment, amount, Movement.REFUND, actor=actor)
    transfer_within(legs, PostingKey(f"payment:{payment.id}:refund:{number}"))
    _count_refund(unit, payment, amount)
    # After the commit, and again until it is done; the provider knows it by the number.
    enqueue("refund_at_provider", payment_id=payment.id, minor=amount.minor, number=number)


def _count_refund(unit: UnitOfWork, payment: PaymentRow, amount: Money) -> None:
    payment.refunded_minor += amount.minor
    if payment.refunded_minor == payment.amount_minor:
        payment.state = State.REFUNDED
    _record(unit, payment, events.PaymentRefunded, amount)


def _legs_back(payment: PaymentRow, amount: Money, kind: Movement, *, actor: MemberId | None = None) -> list[Leg]:
    """From where the money is now back to the provider; with it the commission that was taken of it."""
    reverses = payment.posting_id
    if payment.state == State.PAID:
        return [_leg(payment, _escrow(payment), _PROVIDER, amount, kind, reverses=reverses, actor=actor)]
    released = Money(payment.released_minor, payment.currency)
    given_back = Money(payment.refunded_minor - (payment.amount_minor - payment.released_minor), payment.currency)
    fee = commission_back(released, given_back, amount, payment.commission_ppm)
    legs = [_leg(payment, _payable(payment), _PROVIDER, amount - fee, kind, reverses=reverses, actor=actor)]
    rate = payment.commission_ppm
    legs.append(_leg(payment, _COMMISSION, _PROVIDER, fee, Movement.COMMISSION_REFUND, reverses=reverses, rate=rate))
    return [leg for leg in legs if leg.money]


def _legs_again(payment: PaymentRow, taken: Entry) -> list[Leg]:
    """What was taken comes back to where it was; what had been kept is the seller’s, if the rest is by now."""
    if taken.debit.kind is not AccountKind.ESCROW or not payment.released_minor:
        return [_leg(payment, _PROVIDER, taken.debit, taken.amount, Movement.CHARGEBACK_WON, reverses=taken.id)]
    before, after = payment.released_minor, payment.released_minor + taken.amount.minor
    rate = payment.commission_ppm
    fee = commission(Money(after, payment.currency), rate) - commission(Money(before, payment.currency), rate)
    payment.released_minor = after
    earned = taken.amount - fee
    legs = [_leg(payment, _PROVIDER, _payable(payment), earned, Movement.CHARGEBACK_WON, reverses=taken.id)]
    legs.append(_leg(payment, _PROVIDER, _COMMISSION, fee, Movement.COMMISSION, reverses=taken.id, rate=rate))
    return [leg for leg in legs if leg.money]


def _leg(
    payment: PaymentRow,
    debit: AccountRef,
    credit: AccountRef,
    money: Money,
    kind: Movement,
    *,
    reverses: PostingId | None = None,
    rate: int | None = None,
    actor: MemberId | None = None,
) -> Leg:
    subject = Subject(payment.subject_kind, payment.subject_id)
    return Leg(
        debit=debit,
        credit=credit,
        money=money,
        kind=kind,
        subject=subject,
        reverses=reverses,
        rate_ppm=rate,
        member=actor,
    )


def _direct(payment: PaymentRow, amount: Money, *, back: bool = False, actor: MemberId | None = None) -> Leg:
    """From purse to purse, past the house."""
    buyer = AccountRef(AccountKind.OUTSIDE, payment.buyer_id)
    seller = AccountRef(AccountKind.OUTSIDE, payment.seller_id)
    if back:
        return _leg(payment, seller, buyer, amount, Movement.REFUND, reverses=payment.posting_id)
    return _leg(payment, buyer, seller, amount, Movement.PAYMENT, actor=actor)


def _escrow(payment: PaymentRow) -> AccountRef:
    return AccountRef(AccountKind.ESCROW, payment.buyer_id)


def _payable(payment: PaymentRow) -> AccountRef:
    return AccountRef(AccountKind.PAYABLE, payment.seller_id)


def _taken(subject: Subject) -> PaymentRow:
    """The row, and nobody else's until the commit."""
    query = select(PaymentRow).where(PaymentRow.subject_kind == subject.kind, PaymentRow.subject_id == subject.id)
    payment = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if payment is None:
        raise NotFound("This payment was not found.")
    return payment


def _by_id(payment_id: PaymentId) -> PaymentRow:
    payment = db.session.get(PaymentRow, payment_id, with_for_update=True, populate_existing=True)
    if payment is None:
        raise NotFound("This payment was not found.")
    return payment


def _record(unit: UnitOfWork, payment: PaymentRow, kind: Callable[..., Event], amount: Money) -> None:
    unit.record(
        kind(
            payment_id=payment.id,
            subject_kind=payment.subject_kind,
            subject_id=payment.subject_id,
            buyer_id=payment.buyer_id,
            seller_id=payment.seller_id,
            amount_minor=amount.minor,
            currency=amount.currency,
        )
    )
