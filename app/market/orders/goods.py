"""What can be ordered, as its own room tells it: orders know a thing only by this.

Rooms of this wing are here by themselves; a higher wing registers its kind with `register_goods`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Select

from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import ListingId, MemberId
from app.kernel.subjects import Subject
from app.market.listings import queries as listings
from app.market.listings import service as listing_service
from app.market.listings.values import ListingKind, Status
from app.market.orders.values import Snapshot
from app.market.stock.service import SoldOut
from app.platform.slots import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A thing as its buyer finds it now; `stock` is how many there are in all."""

    seller_id: MemberId
    snapshot: Snapshot
    stock: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What a room does for its things. All but `offered` happen within the order's transaction."""

    # For this buyer; raises `NotFound` or `Invalid`, or `SoldOut`.
    offered: Callable[[MemberId, str], Offered]
    reserve_within: Callable[[str], None]
    release_within: Callable[[str], None]
    sell_within: Callable[[str], None]
    # Where one thing is made of others: a statement of `whole_id`, `thing_kind`, `thing_id`, `quantity`.
    parts: Select[*tuple[Any, ...]] | None = None


def goods_of(subject: Subject) -> Goods:
    """Raises `NotFound` for what nobody sells."""
    found = _GOODS.here().get(subject.kind)
    if found is None:
        raise NotFound("This can’t be ordered.")
    return found


def made_of_others() -> dict[str, Select[*tuple[Any, ...]]]:
    """The statements of those kinds whose things are made of others."""
    return {kind: goods.parts for kind, goods in _GOODS.here().items() if goods.parts is not None}


def register_goods(app: Flask, kind: str, goods: Goods) -> None:
    """One kind of things that orders may be about; the composition root does it for higher wings."""
    _GOODS.on(app)[kind] = goods


def _listing(buyer_id: MemberId, ident: str) -> Offered:
    detail = listings.get_listing(buyer_id, ListingId(ident))
    card = detail.card
    if card.status != Status.ACTIVE:
        raise SoldOut
    if card.kind != ListingKind.SALE or card.price is None:
        raise Invalid("This listing has no price to buy it for. Write to the seller.", code="not_for_sale")
    return Offered(
        seller_id=card.seller.id,
        snapshot=Snapshot(
            title=card.title,
            text=detail.description,
            url=card.url,
            kind=card.kind,
            price=card.price,
            photo_ids=tuple(picture.id for picture in detail.pictures),
            condition=card.condition,
            place=card.place,
        ),
    )


_LISTING = Goods(
    offered=_listing,
    reserve_within=lambda ident: listing_service.reserve_within(ListingId(ident)),
    release_within=lambda ident: listing_service.release_within(ListingId(ident)),
    sell_within=lambda ident: listing_service.sell_within(ListingId(ident)),
)
_GOODS: Slot[dict[str, Goods]] = Slot("goods", lambda: {"listing": _LISTING})
