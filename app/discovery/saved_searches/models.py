"""Searches that members keep, and what each of them has found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.discovery.saved_searches.values import ADDRESS_LENGTH, ANCHOR_LENGTH, Cadence
from app.kernel.clock import clock
from app.kernel.ids import MemberId, SavedSearchId, new_id
from app.platform.database import Json, Model, UtcDateTime


class SavedSearch(Model):
    """Words and filters; `anchor` is the token of them that the fewest things have."""

    __tablename__ = "saved_search"

    id: Mapped[SavedSearchId] = mapped_column(String(26), primary_key=True, default=new_id)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    # Words and filters in one text, so that the same search is not kept twice.
    address: Mapped[str] = mapped_column(String(ADDRESS_LENGTH))
    asked: Mapped[dict[str, Any]] = mapped_column(Json)
    anchor: Mapped[str] = mapped_column(String(ANCHOR_LENGTH), index=True)
    cadence: Mapped[str] = mapped_column(String(10), default=Cadence.INSTANT)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (
        UniqueConstraint("member_id", "address"),
        Index("ix_saved_search_cadence_told_at", "cadence", "told_at"),
    )


class SavedSearchHit(Model):
    """One thing that a saved search has found: whoever writes the row may tell of it, once."""

    __tablename__ = "saved_search_hit"

    saved_search_id: Mapped[SavedSearchId] = mapped_column(
        ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True
    )
    subject_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # Empty while it waits for the day's or the week's summary.
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
