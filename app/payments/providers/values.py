"""What a buyer is shown before they pay."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDetails:
    """Where money is sent to; `qr` is an image as an address, for amounts that banking apps can read."""

    holder: str
    iban: str
    amount: Money
    reference: str
    qr: str | None
