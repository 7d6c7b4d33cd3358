"""What happens to offers."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId, OfferId


@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    """A buyer says what they would pay."""

    offer_id: OfferId
    buyer_id: MemberId
    seller_id: MemberId
    amount_minor: int
    currency: str
    bid: int


@dataclass(frozen=True, kw_only=True)
class OfferCountered(Event):
    """One side says another amount."""

    offer_id: OfferId
    buyer_id: MemberId
    seller_id: MemberId
    by: str
    amount_minor: int
    currency: str
    bid: int


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Event):
    """They agree: the thing is ordered. `by` is `house` where the seller had said beforehand from when on."""

    offer_id: OfferId
    buyer_id: MemberId
    seller_id: MemberId
    by: str
    amount_minor: int
    currency: str
    bid: int


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(Event):
    """One side doesn't want it so; `bid` is what is on the table again, 0 when it is over."""

    offer_id: OfferId
    buyer_id: MemberId
    seller_id: MemberId
    by: str
    bid: int


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(Event):
    """One side takes back what it has said; `bid` is what is on the table again, 0 when it is over."""

    offer_id: OfferId
    buyer_id: MemberId
    seller_id: MemberId
    by: str
    bid: int


@dataclass(frozen=True, kw_only=True)
class OfferEnded(Event):
    """Nobody answered in time, or the thing, or one of the two, is not to be had any more."""

    offer_id: OfferId
    buyer_id: MemberId
    seller_id: MemberId
    why: str


@dataclass(frozen=True, kw_only=True)
class OfferEndsSoon(Event):
    """An answer is missing, of this member."""

    offer_id: OfferId
    member_id: MemberId
    other_id: MemberId
