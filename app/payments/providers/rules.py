"""What a message of the provider says: read from plain values, whatever they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.kernel.errors import DomainError
from app.kernel.ids import PaymentId
from app.kernel.money import Money

CAPTURED: Final = "payment_intent.succeeded"
DISPUTED: Final = "charge.dispute.created"
DECIDED: Final = "charge.dispute.closed"
PAID_OUT: Final = "payout.paid"


# Of these the provider counts in other units than the currency has: an amount would be another one there.
_COUNTED_OTHERWISE: Final = frozenset({"ISK", "UGX", "MGA", "BHD", "JOD", "KWD", "OMR", "TND", "IQD", "LYD"})


def chargeable(total: Money) -> bool:
    """Whether a card can be charged so much."""
    return total.minor > 0 and total.currency not in _COUNTED_OTHERWISE


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message: about which payment (ours, or the provider's name for it), and how much."""

    event_ref: str
    kind: str
    ref: str
    payment_id: PaymentId | None
    provider_ref: str | None
    money: Money | None
    fee: Money | None = None  # what the provider keeps of it, where the message says so


def read_event(event: Mapping[str, Any]) -> Told | None:
    """What concerns us; None for the rest, and for what is no message at all."""
    thing = event.get("data", {}).get("object") if isinstance(event.get("data"), Mapping) else None
    event_id, kind = event.get("id"), event.get("type")
    if not isinstance(thing, Mapping) or not isinstance(event_id, str) or not 0 < len(event_id) <= 80:
        return None
    if kind not in (CAPTURED, DISPUTED, DECIDED, PAID_OUT):
        return None
    if kind == DECIDED and thing.get("status") != "won":
        return None  # what is lost was taken already
    ref = thing.get("id")
    if not isinstance(ref, str) or not 0 < len(ref) <= 80:
        return None
    if kind == CAPTURED:
        named = (thing.get("metadata") or {}).get("kinmarket_payment")
        payment_id = PaymentId(named) if isinstance(named, str) and len(named) == 26 else None
        money = _money(thing.get("amount_received", thing.get("amount")), thing.get("currency"))
        ours: dict[str, Any] = {"payment_id": payment_id, "provider_ref": ref, "money": money, "fee": _fee(thing)}
        return Told(event_ref=event_id, kind=kind, ref=ref, **ours)
    intent = thing.get("payment_intent")
    money = _money(thing.get("amount"), thing.get("currency"))
    provider_ref = intent if isinstance(intent, str) else None
    return Told(event_ref=event_id, kind=kind, ref=ref, payment_id=None, provider_ref=provider_ref, money=money)


def _fee(thing: Mapping[str, Any]) -> Money | None:
    """Of the balance transaction, where the message carries it: Stripe sends it when the account is set so."""
    charge = thing.get("latest_charge")
    if not isinstance(charge, Mapping):
        charges = thing.get("charges")
        data = charges.get("data") if isinstance(charges, Mapping) else None
        charge = data[0] if isinstance(data, list) and data else None
    booked = charge.get("balance_transaction") if isinstance(charge, Mapping) else None
    return _money(booked.get("fee"), booked.get("currency")) if isinstance(booked, Mapping) else None


def _money(minor: Any, currency: Any) -> Money | None:
    if type(minor) is not int or minor <= 0 or not isinstance(currency, str):
        return None
    try:
        return Money(minor, currency.upper())
    except DomainError:
        return None
