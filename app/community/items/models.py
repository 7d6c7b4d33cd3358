"""Products, places and services."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.community.items.values import MAX_MAKER_LENGTH, MAX_URL_LENGTH
from app.kernel.clock import clock
from app.kernel.ids import ItemId, MemberId, PhotoId, new_id
from app.platform.database import Model, UtcDateTime


class Item(Model):
    """Something that members recommend or advise against."""

    __tablename__ = "item"

    id: Mapped[ItemId] = mapped_column(String(26), primary_key=True, default=new_id)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(10), default="product")
    title: Mapped[str] = mapped_column(String(500))
    category: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    maker: Mapped[str] = mapped_column(String(MAX_MAKER_LENGTH), default="", server_default="")
    # 14 digits, so that the same thing under its UPC and its EAN is one.
    gtin: Mapped[str | None] = mapped_column(String(14), unique=True, index=True)
    url: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    # The address without what does not change where it leads; see `rules.url_key`.
    url_key: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH), unique=True, index=True)
    photo_id: Mapped[PhotoId | None] = mapped_column(ForeignKey("photo.id", ondelete="SET NULL"), index=True)
    created_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The item that took this one in. A later merge of that one changes it here too: always one step.
    merged_into_id: Mapped[ItemId | None] = mapped_column(ForeignKey("item.id"), index=True)

    __table_args__ = (
        Index("ix_item_category_id", "category", "id"),
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
    )
