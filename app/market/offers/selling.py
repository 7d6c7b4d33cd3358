"""The seller says to whom a thing goes: it is set aside for them, and sold when they have it."""

from __future__ import annotations

from typing import Final

from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.ids import ListingId, MemberId, OrderId
from app.kernel.money import HIGHEST_MINOR, Money
from app.kernel.subjects import Subject
from app.market.listings.queries import get_listing
from app.market.listings.service import put_back_within
from app.market.listings.values import ListingCard, ListingKind, Status
from app.market.offers import rules
from app.market.orders.queries import is_sold
from app.market.orders.service import place_within
from app.market.orders.values import BY_SELLER, Placing
from app.market.stock.service import SoldOut
from app.messaging.conversations.queries import between, people_about
from app.people.accounts.queries import require_active
from app.platform.database import unit_of_work

LISTING: Final = "listing"


def reserve_for(seller_id: MemberId, listing_id: ListingId, buyer_id: MemberId | None, amount: str = "") -> OrderId:
    """Set it aside for somebody who wants it, as an order that both can call off; nothing typed: for the price."""
    with unit_of_work():
        require_active(seller_id)
        card = _own(seller_id, listing_id)
        if card.status != Status.ACTIVE:
            raise SoldOut
        if card.kind != ListingKind.SALE or not card.price:
            raise Invalid("This listing has no price.", code="not_for_sale")
        if buyer_id is None or buyer_id not in people_about(seller_id, listing_id):
            raise Invalid("Choose someone you have talked to about it.", code="bad_buyer")
        placing = Placing(
            buyer_id=buyer_id,
            subject=Subject(LISTING, listing_id),
            total=_agreed(amount, card.price),
            agreed=True,
            source_kind=BY_SELLER,
            conversation_id=between(seller_id, buyer_id, listing_id),
        )
        return place_within(placing)


def undo_sold(seller_id: MemberId, listing_id: ListingId) -> None:
    """What the seller has marked as sold is offered again, unless somebody has bought it here."""
    with unit_of_work():
        require_active(seller_id)
        card = _own(seller_id, listing_id)
        if card.status == Status.ACTIVE:
            return  # the button was pressed twice
        if card.status != Status.SOLD or is_sold(Subject(LISTING, listing_id)):
            raise Conflict("This can’t be offered again. Post a new listing.", code="not_now")
        put_back_within(listing_id)


def _own(seller_id: MemberId, listing_id: ListingId) -> ListingCard:
    card = get_listing(seller_id, listing_id).card
    if card.seller.id != seller_id:
        raise Forbidden("Only the seller can edit this listing.", code="not_yours")
    return card


def _agreed(amount: str, price: Money) -> Money:
    if not amount.strip():
        return price
    agreed = rules.amount_of(amount, None, price)
    if not 0 < agreed.minor < HIGHEST_MINOR:
        raise Invalid("Enter an amount above 0.", code="bad_amount")
    return agreed
