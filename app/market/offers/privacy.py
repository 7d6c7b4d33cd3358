"""What offers keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update

from app.kernel.ids import MemberId
from app.market.offers.models import Offer, OfferItemRow, OfferStep
from app.market.offers.queries import side_of
from app.market.offers.service import leave_within
from app.market.offers.values import Side
from app.platform.database import db

NAME = "offers"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What the member offered, and what was offered to them, with their own words."""
    rows = db.session.scalars(
        select(Offer).where(or_(Offer.buyer_id == ident, Offer.seller_id == ident)).order_by(Offer.id)
    ).all()
    ids = [row.id for row in rows]
    things: dict[str, list[str]] = {}
    for item in db.session.scalars(
        select(OfferItemRow)
        .where(OfferItemRow.offer_id.in_(ids))
        .order_by(OfferItemRow.offer_id, OfferItemRow.position)
    ):
        things.setdefault(item.offer_id, []).append(item.listing_id)
    said: dict[str, list[dict[str, Any]]] = {}
    for step in db.session.scalars(
        select(OfferStep).where(OfferStep.offer_id.in_(ids)).order_by(OfferStep.offer_id, OfferStep.seq)
    ):
        said.setdefault(f"{step.offer_id} {step.side}", []).append(
            {"did": step.verb, "amount_minor": step.amount_minor, "note": step.note, "at": step.at.isoformat()}
        )
    return [
        {
            "id": row.id,
            "role": side_of(row, ident).value,
            "listings": things.get(row.id, []),
            "state": row.state,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "address": row.address if row.buyer_id == ident else "",
            "said": said.get(f"{row.id} {side_of(row, ident).value}", []),
            "at": row.made_at.isoformat(),
        }
        for row in rows
    ]


def erase(ident: MemberId) -> None:
    """What is open ends; amounts stay with the other side's history, the member's words go."""
    leave_within(ident)
    db.session.execute(update(Offer).where(Offer.buyer_id == ident).values(address=""))
    for column, side in ((Offer.buyer_id, Side.BUYER), (Offer.seller_id, Side.SELLER)):
        theirs = select(Offer.id).where(column == ident)
        db.session.execute(
            update(OfferStep).where(OfferStep.offer_id.in_(theirs), OfferStep.side == side.value).values(note="")
        )
