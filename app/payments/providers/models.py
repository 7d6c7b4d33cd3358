"""Which of the provider's messages have been dealt with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.platform.database import Model, UtcDateTime


class ProviderEvent(Model):
    """One message by the provider's own id: a second one changes nothing."""

    __tablename__ = "provider_event"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
