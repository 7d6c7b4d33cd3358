"""The vocabulary's table."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Json, Model

KEY_LENGTH: Final = 20


class Category(Model):
    """Something that things and words can be about. Its key never changes: rows, addresses and programs keep it."""

    __tablename__ = "category"

    key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    parent_key: Mapped[str | None] = mapped_column(ForeignKey("category.key"), index=True)
    position: Mapped[int]
    # By language; without a name in the reader's the English one is shown.
    names: Mapped[dict[str, str]] = mapped_column(Json)
    # Further words for just the same, in any language: whoever writes one of them means this.
    synonyms: Mapped[list[str]] = mapped_column(Json)
    # Words that things of the sort have in their titles, by language.
    hints: Mapped[dict[str, list[str]]] = mapped_column(Json)
    # Not offered any more; what has it keeps it.
    retired: Mapped[bool] = mapped_column(default=False)
    # One more at each change: by the sum of all a process sees that what it keeps is old.
    version: Mapped[int] = mapped_column(default=1)
