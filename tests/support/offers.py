"""Offers for tests: Ana would like a thing of Bo's for less."""

from __future__ import annotations

from typing import Any

from app.kernel.ids import ListingId, MemberId, OfferId
from app.market.offers.queries import get_offer
from app.market.offers.service import make_offer
from app.market.offers.values import OfferCard, Wish


def offer(buyer: MemberId, *listings: ListingId, amount: str = "30", **how: Any) -> OfferId:
    """Offer so much for one thing or several."""
    return make_offer(buyer, Wish(listing_ids=listings, amount=amount, **how))


def seen(viewer: MemberId, offer_id: OfferId) -> OfferCard:
    """The offer as one of the two sees it now."""
    return get_offer(viewer, offer_id).card
