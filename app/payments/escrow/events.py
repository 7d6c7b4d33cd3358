"""What happens to the money of a deal."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId, PaymentId


@dataclass(frozen=True, kw_only=True)
class OfPayment:
    """Whose money it is, for what, and how much."""

    payment_id: PaymentId
    subject_kind: str
    subject_id: str
    buyer_id: MemberId
    seller_id: MemberId
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentPromised(OfPayment, Event):
    """It will be paid from hand to hand or from bank to bank."""


@dataclass(frozen=True, kw_only=True)
class PaymentMarkedPaid(OfPayment, Event):
    """The buyer says that they have paid; the seller has to confirm it."""


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(OfPayment, Event):
    """The money is there: confirmed by the people themselves, or by the provider."""


@dataclass(frozen=True, kw_only=True)
class PaymentReleased(OfPayment, Event):
    """What the buyer paid by card is the seller's from now on, without the commission."""


@dataclass(frozen=True, kw_only=True)
class RefundPromised(OfPayment, Event):
    """The seller is to give this much back from hand to hand; the buyer confirms when it has come."""


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(OfPayment, Event):
    """This much has gone back to the buyer."""


@dataclass(frozen=True, kw_only=True)
class PaymentDisputed(OfPayment, Event):
    """The buyer's bank has taken this much back."""


@dataclass(frozen=True, kw_only=True)
class PaymentReinstated(OfPayment, Event):
    """The dispute was decided for the seller: this much of what the buyer's bank had taken has come again."""


@dataclass(frozen=True, kw_only=True)
class PaymentCancelled(OfPayment, Event):
    """It will not be paid."""
