"""Offers, what they are about, and what was said in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import ConversationId, ListingId, MemberId, OfferId, OrderGroupId, new_id
from app.kernel.money import Money
from app.market.offers.values import MAX_NOTE_LENGTH
from app.market.orders.values import MAX_ADDRESS_LENGTH
from app.platform.database import Model, UtcDateTime
from app.platform.money_columns import money_composite


class Offer(Model):
    """Two people on their way to a price. `bid` is the step that is on the table."""

    __tablename__ = "offer"

    id: Mapped[OfferId] = mapped_column(String(26), primary_key=True, default=new_id)
    # An account that is erased keeps its row: the other side's history goes on.
    buyer_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(10), default="")
    asked_minor: Mapped[int] = mapped_column(BigInteger)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    asked: Mapped[Money] = money_composite("asked_minor", "currency")
    amount: Mapped[Money] = money_composite("amount_minor", "currency")
    bid: Mapped[int] = mapped_column(default=1)
    by: Mapped[str] = mapped_column(String(6))
    steps: Mapped[int] = mapped_column(default=1)
    delivery: Mapped[str] = mapped_column(String(10))
    payment: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(MAX_ADDRESS_LENGTH), default="")
    group_id: Mapped[OrderGroupId | None] = mapped_column(String(26))
    conversation_id: Mapped[ConversationId | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # From the first bid: counter-offers don't stretch it.
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("buyer_id <> seller_id", name="not_self"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("ix_offer_buyer_id_id", "buyer_id", "id"),
        Index("ix_offer_seller_id_id", "seller_id", "id"),
        Index(
            "ix_offer_open_ends_at",
            "ends_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_offer_open_remind_at",
            "remind_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        # What waits for somebody's answer, which every page says.
        Index(
            "ix_offer_open_seller_id",
            "seller_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_offer_open_buyer_id",
            "buyer_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class OfferItemRow(Model):
    """One of the things an offer is about; `open` follows the offer, so that a key can hold what is scarce."""

    __tablename__ = "offer_item"

    offer_id: Mapped[OfferId] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True)
    listing_id: Mapped[ListingId] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    buyer_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    open: Mapped[bool] = mapped_column(default=True)
    quantity: Mapped[int] = mapped_column(default=1)
    asked_minor: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        # One open offer of a buyer for a thing.
        Index(
            "uq_offer_item_open",
            "listing_id",
            "buyer_id",
            unique=True,
            sqlite_where=text("open"),
            postgresql_where=text("open"),
        ),
        Index("ix_offer_item_listing_id", "listing_id"),
    )


class OfferStep(Model):
    """One thing that was said, by whom and when; never changed. With an amount it is a bid."""

    __tablename__ = "offer_step"

    offer_id: Mapped[OfferId] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    verb: Mapped[str] = mapped_column(String(10))
    side: Mapped[str] = mapped_column(String(6))
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    # Of a counter-offer: the bid that is on the table again when it is declined or withdrawn.
    parent: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(MAX_NOTE_LENGTH), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class OfferTerms(Model):
    """From which amount on the seller says yes beforehand; nobody else sees it."""

    __tablename__ = "offer_terms"

    listing_id: Mapped[ListingId] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    from_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    accept_from: Mapped[Money] = money_composite("from_minor", "currency")

    __table_args__ = (CheckConstraint("from_minor > 0", name="from_positive"),)
