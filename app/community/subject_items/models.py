"""Items that stand for things of other wings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import ItemId
from app.platform.database import Model, UtcDateTime


class SubjectItem(Model):
    """A listing or a store has one item through which it is recommended."""

    __tablename__ = "stand_in"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    item_id: Mapped[ItemId] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), unique=True)
    # Since when the thing is gone, if the item went with it and not by a decision of its own.
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
