"""What is to be sent, by which way and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import DeliveryId, DeviceId, MemberId, NotificationId
from app.platform.database import Model, UtcDateTime


class DeliveryRow(Model):
    """One notification on one way. Whoever sends it has claimed it by one conditional UPDATE."""

    __tablename__ = "delivery"

    id: Mapped[DeliveryId] = mapped_column(String(26), primary_key=True)
    # Notification, channel and device: the same is never waiting twice.
    key: Mapped[str] = mapped_column(String(90), unique=True)
    notification_id: Mapped[NotificationId] = mapped_column(
        ForeignKey("notification.id", ondelete="CASCADE"), index=True
    )
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[DeviceId | None] = mapped_column(ForeignKey("push_device.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(8))
    pace: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    # Grows when the same occasion is told anew, so that its mail is another message.
    round: Mapped[int] = mapped_column(default=1)
    owner: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_delivery_state_due", "state", "due_at"),)
