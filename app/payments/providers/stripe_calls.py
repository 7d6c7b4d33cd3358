"""The one module that speaks with Stripe, by its own library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

from app.kernel.errors import Conflict, Unauthenticated
from app.kernel.ids import PaymentId
from app.kernel.later import Later
from app.kernel.money import Money
from app.platform.settings import Settings

if TYPE_CHECKING:
    import stripe
else:
    # Seconds of loading that only card payments need.
    stripe = Later("stripe")

log = structlog.get_logger()


def _client(settings: Settings) -> Any:
    if not settings.takes_cards:
        raise Conflict("Card payments aren’t available here.", code="no_provider")
    return stripe.StripeClient(
        settings.stripe_key or "", base_addresses={"api": settings.stripe_url}, max_network_retries=2
    )


def checkout_address(settings: Settings, payment_id: PaymentId, total: Money, title: str, back: str) -> str:
    """Where the buyer pays; asked again for the same payment, the same page."""
    asked = {
        "mode": "payment",
        "client_reference_id": payment_id,
        "success_url": f"{settings.public_url}{back}?paid",
        "cancel_url": f"{settings.public_url}{back}",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": total.currency.lower(),
                    "unit_amount": total.minor,
                    "product_data": {"name": title[:200]},
                },
            }
        ],
        "payment_intent_data": {"metadata": {"kinmarket_payment": payment_id}},
    }
    client = _client(settings)
    try:
        session = client.v1.checkout.sessions.create(asked, {"idempotency_key": f"kinmarket-{payment_id}-checkout"})
    except stripe.StripeError as problem:
        log.warning("provider_refused", kind=type(problem).__name__, code=problem.code)
        raise Conflict(
            "Paying by card doesn’t work right now. Try again in a few minutes.", code="no_answer"
        ) from problem
    return str(session.url)


def refund(settings: Settings, payment_id: PaymentId, provider_ref: str, minor: int, number: int) -> None:
    """Give so much back to the card; asked again with the same number, once."""
    _client(settings).v1.refunds.create(
        {"payment_intent": provider_ref, "amount": minor, "metadata": {"kinmarket_payment": payment_id}},
        {"idempotency_key": f"kinmarket-{payment_id}-refund-{number}"},
    )


def read_signed(settings: Settings, body: bytes, signature: str) -> Mapping[str, Any]:
    """The message, if Stripe has signed it within the last five minutes."""
    if not settings.takes_cards:
        raise Unauthenticated("This message isn’t signed.", code="bad_signature")
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(text, signature, settings.stripe_webhook_secret, tolerance=300)
        found = json.loads(text)
    except (ValueError, stripe.SignatureVerificationError) as problem:
        raise Unauthenticated("This message isn’t signed.", code="bad_signature") from problem
    if not isinstance(found, dict):
        raise Unauthenticated("This message isn’t signed.", code="bad_signature")
    return found
