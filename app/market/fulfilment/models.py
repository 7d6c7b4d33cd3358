"""How things get from one to the other: a meeting, a code, a parcel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId, OrderId
from app.market.fulfilment.values import MAX_CARRIER_LENGTH, MAX_PLACE_LENGTH, MAX_TRACKING_LENGTH
from app.platform.database import Model, UtcDateTime


class Meeting(Model):
    """The last proposal of when and where to meet, and whether the other side comes."""

    __tablename__ = "order_meeting"

    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(MAX_PLACE_LENGTH))
    proposed_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Of a time that was booked: it isn't discussed, and the buyer can call it off until then.
    cancel_by: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HandoverCode(Model):
    """What the code is made from, with the installation's secret, and how often a wrong one was typed."""

    __tablename__ = "handover_code"

    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)


class Parcel(Model):
    """Who carries it, and by which number it can be followed."""

    __tablename__ = "parcel"

    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"), primary_key=True)
    carrier: Mapped[str] = mapped_column(String(MAX_CARRIER_LENGTH), default="")
    tracking: Mapped[str] = mapped_column(String(MAX_TRACKING_LENGTH), default="")
    shipped_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
