"""Codes, carriers and times: pure decisions."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from app.kernel.errors import Invalid
from app.kernel.ids import OrderId
from app.market.fulfilment.values import CODE_LENGTH

FARTHEST: Final = timedelta(days=60)
_SCANNED: Final = re.compile(r"/orders/([0-9a-z]{26})/scan#")
# By the carrier's name without spaces, in small letters.
_FOLLOWED_AT: Final[Mapping[str, str]] = {
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}",
    "postnord": "https://tracking.postnord.com/tracking?id={number}",
    "ups": "https://www.ups.com/track?tracknum={number}",
    "gls": "https://gls-group.com/track/{number}",
    "dpd": "https://tracking.dpd.de/status/en_US/parcel/{number}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={number}",
    "royalmail": "https://www.royalmail.com/track-your-item#/tracking-results/{number}",
    "bring": "https://tracking.bring.com/tracking/{number}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
}


def code_of(secret: bytes, order_id: OrderId, salt: str) -> str:
    """Six digits that only who knows the secret can tell: none is kept, so none can be read from a backup."""
    digest = hmac.digest(secret, f"handover:{order_id}:{salt}".encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8]) % 10**CODE_LENGTH:0{CODE_LENGTH}}"


def typed_code(text: str) -> str:
    """The digits of what was typed or scanned: the code is shown in two groups, and its picture is an address."""
    return "".join(letter for letter in text.rpartition("#")[2] if letter.isascii() and letter.isdigit())


def scan_path(order_id: OrderId) -> str:
    """Where the seller scans; with the code behind `#`, which no server is sent, it is what the picture says."""
    return f"/orders/{order_id}/scan"


def scanned_order(text: str) -> OrderId | None:
    """Whose code a scanned picture is; None where only digits were typed."""
    found = _SCANNED.search(text)
    return OrderId(found[1]) if found else None


def is_same(code: str, typed: str) -> bool:
    """Compare without telling by the time it takes how much was right."""
    return hmac.compare_digest(code.encode(), typed.encode())


def tracking_url(carrier: str, tracking: str) -> str | None:
    """Where the parcel can be followed; None for a carrier that is not known."""
    known = _FOLLOWED_AT.get("".join(carrier.casefold().split()))
    return known.format(number=quote(tracking, safe="")) if known and tracking else None


def check_time(at: datetime | None, now: datetime) -> datetime:
    """A meeting lies ahead, and not in another season."""
    if at is None:
        raise Invalid("Choose a day and a time.", code="bad_time")
    if not now < at <= now + FARTHEST:
        raise Invalid("Choose a time within the next 60 days.", code="bad_time")
    return at
