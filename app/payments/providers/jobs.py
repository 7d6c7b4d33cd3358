"""What is asked of the provider after the commit."""

from __future__ import annotations

from app.kernel.ids import PaymentId
from app.payments.providers import service
from app.platform.jobs import job


@job("refund_at_provider", lane="provider")
def refund(payment_id: PaymentId, minor: int, number: int) -> None:
    """Give money back to the card; asked again, the provider does it once."""
    service.refund(payment_id, minor, number)
