"""Browsers that a member wants to be alerted on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import DeviceId, MemberId
from app.platform.database import Model, UtcDateTime


class PushDevice(Model):
    """A subscription to a browser's push service; its keys encrypt what is sent."""

    __tablename__ = "push_device"

    id: Mapped[DeviceId] = mapped_column(String(26), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(String(1000))
    # Addresses are longer than what an index takes well.
    endpoint_digest: Mapped[str] = mapped_column(String(64), unique=True)
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(60))
    # The sign-in that it was turned on in (its digest): alerts end with it.
    session: Mapped[str | None] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
