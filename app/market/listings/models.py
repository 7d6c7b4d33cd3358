"""Listings, their photos and who has saved them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import ListingId, MemberId, PhotoId, TownId, new_id
from app.kernel.money import Money
from app.market.listings.values import MAX_ALT_LENGTH, PLACE_LENGTH, TITLE_LENGTH, Status
from app.platform.database import Model, UtcDateTime
from app.platform.money_columns import money_composite


class Listing(Model):
    """Something offered or wanted. Ids grow with time, so the newest come by the primary key."""

    __tablename__ = "listing"

    id: Mapped[ListingId] = mapped_column(String(26), primary_key=True, default=new_id)
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    description: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(20))
    condition: Mapped[str | None] = mapped_column(String(10))
    price_minor: Mapped[int | None]
    # Chosen also where there is no price: the next one is in it.
    currency: Mapped[str] = mapped_column(String(3))
    price: Mapped[Money | None] = money_composite("price_minor", "currency")
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH), default="")
    # The place as it is compared: neither database folds letters beyond ASCII alike.
    place_key: Mapped[str] = mapped_column(String(PLACE_LENGTH * 2), default="")
    # Which town that is: none as long as nobody has looked it up, 0 where no gazetteer has it.
    town_id: Mapped[TownId | None]
    status: Mapped[str] = mapped_column(String(10), default=Status.ACTIVE)
    # The first photo, kept here so that a page of cards needs no second look.
    cover_id: Mapped[PhotoId | None] = mapped_column(ForeignKey("photo.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (
        CheckConstraint("price_minor IS NULL OR price_minor >= 0", name="price_not_negative"),
        Index("ix_listing_status_id", "status", "id"),
        Index("ix_listing_status_category_id", "status", "category", "id"),
        Index("ix_listing_status_kind_id", "status", "kind", "id"),
        Index("ix_listing_status_town_id_id", "status", "town_id", "id"),
        Index(
            "ix_listing_without_town",
            "id",
            sqlite_where=text("town_id IS NULL"),
            postgresql_where=text("town_id IS NULL"),
        ),
        # The feed's window of everybody, and of some people without a look at the rows.
        Index("ix_listing_status_created_at_id", "status", "created_at", "id"),
        Index("ix_listing_seller_id_status_created_at_id", "seller_id", "status", "created_at", "id"),
        # The cheapest first: what has no price, and below each currency by itself.
        Index(
            "ix_listing_unpriced",
            "status",
            "id",
            sqlite_where=text("price_minor IS NULL"),
            postgresql_where=text("price_minor IS NULL"),
        ),
    )


Index(
    "ix_listing_priced",
    Listing.status,
    Listing.currency,
    Listing.price_minor,
    Listing.id.desc(),
    sqlite_where=text("price_minor IS NOT NULL"),
    postgresql_where=text("price_minor IS NOT NULL"),
)


class ListingPhoto(Model):
    """One of up to ten photos, in the seller's order."""

    __tablename__ = "listing_photo"

    listing_id: Mapped[ListingId] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[PhotoId] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(String(MAX_ALT_LENGTH), default="", server_default="")


class SavedListing(Model):
    """A member keeps a listing in sight."""

    __tablename__ = "saved_listing"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    listing_id: Mapped[ListingId] = mapped_column(
        ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
