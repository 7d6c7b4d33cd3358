"""Listings that not everyone sees, and whom their sellers reach: the trust graph as a table, for SQL can't walk it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import ListingId, MemberId
from app.platform.database import Model, UtcDateTime


class ListingAudience(Model):
    """Of a listing that is shown to people at most so many steps from its seller; the others have no row.

    One step more every so many `days`, up to `most`, where 0 is everyone.
    """

    __tablename__ = "listing_audience"

    listing_id: Mapped[ListingId] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    steps: Mapped[int]
    days: Mapped[int | None]
    most: Mapped[int]
    widens_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class SellerReach(Model):
    """The seller trusts the member, by so many steps. Nobody without a row is in an audience."""

    __tablename__ = "seller_reach"

    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    steps: Mapped[int]


class ReachingSeller(Model):
    """A seller whose reach is kept, and when it was last read from the graph; never yet: nobody is reached."""

    __tablename__ = "reaching_seller"

    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
