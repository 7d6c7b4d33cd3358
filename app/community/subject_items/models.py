"""Items that stand for things of other wings."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Model


class SubjectItem(Model):
    """A listing or a store has one item through which it is recommended."""

    __tablename__ = "stand_in"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), unique=True)
