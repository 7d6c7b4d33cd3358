"""What the audiences keep of a person: a part of the trust graph, which they are told of there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select

from app.kernel.ids import MemberId
from app.market.audiences.models import ListingAudience, ReachingSeller, SellerReach
from app.market.audiences.queries import how_many
from app.market.audiences.values import MAX_STEPS
from app.platform.database import db

NAME = "audiences"


def export(ident: MemberId) -> dict[str, Any]:
    """How many people the member's chosen audiences can be made of: who these are follows from the vouches."""
    mine = select(ListingAudience).where(ListingAudience.seller_id == ident).order_by(ListingAudience.listing_id)
    return {
        "reached": [how_many(ident, steps) for steps in range(1, MAX_STEPS + 1)],
        "audiences": [
            {"listing": row.listing_id, "steps": row.steps, "days": row.days, "most": row.most}
            for row in db.session.scalars(mine)
        ],
    }


def erase(ident: MemberId) -> None:
    """The member reaches nobody, and is reached by nobody."""
    db.session.execute(delete(SellerReach).where(or_(SellerReach.seller_id == ident, SellerReach.member_id == ident)))
    db.session.execute(delete(ListingAudience).where(ListingAudience.seller_id == ident))
    db.session.execute(delete(ReachingSeller).where(ReachingSeller.seller_id == ident))
