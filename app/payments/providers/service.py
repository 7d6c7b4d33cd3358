"""What is asked of a payment provider."""

from __future__ import annotations

from app.kernel.ids import PaymentId
from app.platform.jobs import GiveUp


def refund(payment_id: PaymentId, minor: int, number: int) -> None:
    """Give so much of a payment back to the card; `number` tells one refund of it from another."""
    raise GiveUp(f"refund {number} of {minor} minor units, payment {payment_id}: no provider is set up")
