"""How many there are of what can be ordered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Model


class Stock(Model):
    """One row for each listing or variant that was ever ordered; what is left is `total - taken`."""

    __tablename__ = "stock"

    thing_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    thing_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    total: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    # Whatever a program does wrong, more is never sold than there is.
    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= total", name="not_oversold"),)
