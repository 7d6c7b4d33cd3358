"""What a buyer needs to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from app.kernel.ids import MemberId
from app.kernel.later import Later
from app.kernel.money import Money
from app.payments.payouts.queries import account_of
from app.payments.providers.rules import chargeable
from app.payments.providers.values import TransferDetails
from app.platform.settings import Settings

if TYPE_CHECKING:
    from segno import helpers as epc
else:
    epc = Later("segno.helpers")

_MOST_BY_QR = 99_999_999_999  # minor units, by the standard of the European Payments Council


def takes_card(total: Money | None = None) -> bool:
    """Whether cards are taken here, and for such an amount."""
    return _settings().takes_cards and (total is None or chargeable(total))


def card_commission_ppm() -> int:
    """What the community keeps of a card payment from now on, in millionths."""
    return _settings().commission_ppm


def transfer_details(seller_id: MemberId, amount: Money, reference: str) -> TransferDetails | None:
    """Where to send the money, with a code for banking apps; None while the seller has named no account.

    Whoever calls shows it to the buyer of a confirmed deal only.
    """
    account = account_of(seller_id)
    if account is None:
        return None
    qr = None
    if amount.currency == "EUR" and 0 < amount.minor <= _MOST_BY_QR:
        code = epc.make_epc_qr(name=account.holder, iban=account.iban, amount=amount.major, text=reference[:140])
        qr = code.svg_data_uri(scale=4, border=2, light="white")
    return TransferDetails(holder=account.holder, iban=account.iban, amount=amount, reference=reference, qr=qr)


def _settings() -> Settings:
    found: Settings = current_app.config["KIN"]
    return found
