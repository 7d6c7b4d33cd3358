"""What may be pinned: pure decisions."""

from __future__ import annotations

from app.kernel.errors import Conflict, Forbidden
from app.kernel.ids import MemberId
from app.market.listings.values import Status


def check_pinnable(actor: MemberId, seller_id: MemberId, status: str) -> None:
    """Refuse other people's listings, and what nobody can have any more."""
    if actor != seller_id:
        raise Forbidden("Only the seller can pin a listing.", code="not_yours")
    if status != Status.ACTIVE:
        raise Conflict("This listing is already sold or removed.", code="listing_closed")
