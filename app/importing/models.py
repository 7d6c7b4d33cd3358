"""Imports under way, so that one that breaks off is not forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import ImportRunId
from app.platform.database import Model, UtcDateTime


class ImportRun(Model):
    """An import that has written rows and is not at its end; `seen_at` moves with each batch."""

    __tablename__ = "import_run"

    id: Mapped[ImportRunId] = mapped_column(String(26), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
