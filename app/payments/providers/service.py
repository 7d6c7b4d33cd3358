"""What is asked of the payment provider, and what it tells us."""

from __future__ import annotations

import structlog
from flask import current_app

from app.kernel.clock import clock
from app.kernel.errors import Conflict, DomainError, Forbidden
from app.kernel.ids import MemberId, PaymentId, PostingKey
from app.kernel.subjects import Subject
from app.payments.escrow.queries import find_by_provider_ref, get_payment, provider_ref_of
from app.payments.escrow.service import captured_within, dispute_within, reinstate_within
from app.payments.escrow.values import Method, State
from app.payments.ledger.service import transfer_within
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement
from app.payments.providers import stripe_calls
from app.payments.providers.models import ProviderEvent
from app.payments.providers.rules import CAPTURED, DECIDED, DISPUTED, PAID_OUT, Told, read_event
from app.platform.database import let_go, unit_of_work
from app.platform.jobs import GiveUp
from app.platform.settings import Settings
from app.platform.sql import insert_or_ignore

log = structlog.get_logger()


def start_card_payment(actor: MemberId, payment_id: PaymentId, title: str, back: str) -> str:
    """The address of the provider's page, for a page of ours that carries it as a link; `back` is our own path."""
    payment = get_payment(payment_id)
    if actor != payment.buyer_id:
        raise Forbidden("Only the buyer can pay this.", code="not_yours")
    if payment.method is not Method.CARD or payment.state is not State.EXPECTED:
        raise Conflict("There is nothing to pay by card.", code="not_now")
    let_go()
    return stripe_calls.checkout_address(_settings(), payment_id, payment.total, title, back)


def refund(payment_id: PaymentId, minor: int, number: int) -> None:
    """Give so much of a payment back to the card; `number` tells one refund of it from another."""
    ref = provider_ref_of(payment_id)
    if ref is None:
        raise GiveUp(f"payment {payment_id} was never paid by card")
    stripe_calls.refund(_settings(), payment_id, ref, minor, number)


def hear(body: bytes, signature: str) -> str:
    """One message of the provider, in whatever order and however often they come; answers what became of it.

    What comes before that on which it builds raises a conflict: the provider sends it again.
    """
    told = read_event(stripe_calls.read_signed(_settings(), body, signature))
    if told is None:
        return _said("ignored", None)
    with unit_of_work():
        row = {"id": told.event_ref, "kind": told.kind, "at": clock.now()}
        if not insert_or_ignore(ProviderEvent, row, keys=("id",)):
            return _said("known", told)
        try:
            done = _HEARD[told.kind](told)
        except DomainError as problem:
            log.warning("provider_event_refused", event_ref=told.event_ref, kind=told.kind, code=problem.error_code)
            raise
    return _said("done" if done else "ignored", told)


def _captured(told: Told) -> bool:
    if told.payment_id is None or told.provider_ref is None or told.money is None:
        return False  # of another shop with the same account
    return captured_within(told.payment_id, told.money, told.provider_ref, told.fee)


def _disputed(told: Told) -> bool:
    if told.provider_ref is None or told.money is None:
        return False
    payment = find_by_provider_ref(told.provider_ref)
    if payment is None:
        raise Conflict("The payment is not known yet.", code="not_yet")
    return dispute_within(payment.id, told.money, told.ref)


def _won(told: Told) -> bool:
    """The bank has decided for the seller."""
    payment = find_by_provider_ref(told.provider_ref or "")
    if payment is None:
        raise Conflict("The payment is not known yet.", code="not_yet")
    return reinstate_within(payment.id, told.ref)


def _paid_out(told: Told) -> bool:
    """The provider has sent what it held to the bank account of the house."""
    if told.money is None:
        return False
    leg = Leg(
        debit=AccountRef(AccountKind.BANK),
        credit=AccountRef(AccountKind.PROVIDER),
        money=told.money,
        kind=Movement.PAYOUT,
        subject=Subject("provider_payout", told.ref[:40]),
    )
    transfer_within([leg], PostingKey(f"provider:{told.ref}"))
    return True


_HEARD = {CAPTURED: _captured, DISPUTED: _disputed, DECIDED: _won, PAID_OUT: _paid_out}


def _said(outcome: str, told: Told | None) -> str:
    log.info("provider_event", outcome=outcome, kind=told.kind if told else None)
    return outcome


def _settings() -> Settings:
    found: Settings = current_app.config["KIN"]
    return found
