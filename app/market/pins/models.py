"""What stands on top of a profile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import ListingId, MemberId
from app.platform.database import Model, UtcDateTime


class PinnedListing(Model):
    """One for each member, which the primary key holds: a second one takes the place of the first."""

    __tablename__ = "pinned_listing"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    listing_id: Mapped[ListingId] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    pinned_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
