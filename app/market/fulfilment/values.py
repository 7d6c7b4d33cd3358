"""Small values of a hand-over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.kernel.ids import MemberId

MAX_PLACE_LENGTH: Final = 120
MAX_CARRIER_LENGTH: Final = 40
MAX_TRACKING_LENGTH: Final = 60
CODE_LENGTH: Final = 6
MAX_TRIES: Final = 5
# As they are called, for the form; where each can be followed the rules know.
CARRIERS: Final = ("DHL", "PostNord", "UPS", "GLS", "DPD", "FedEx", "Bring", "Royal Mail", "USPS")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """When and where to meet."""

    at: datetime
    place: str
    proposed_by: MemberId
    agreed: bool
    cancel_by: datetime | None = None  # of a booked time: until when the buyer can call it off


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelView:
    """A parcel on its way; `url` leads to the carrier's page about it, where that is known."""

    carrier: str
    tracking: str
    url: str | None
    shipped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """What is known of the way of a thing."""

    meeting: MeetingView | None = None
    parcel: ParcelView | None = None
    locked: bool = False  # too many wrong codes: the buyer shows a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is printed on a parcel; the two words are in the seller's language."""

    sender: str
    to: str
    address: str
    order: str
    from_word: str
    to_word: str
