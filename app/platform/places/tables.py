"""What is known of places: the towns that members named, and which text means which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import TownId
from app.kernel.places import KEY_LENGTH
from app.platform.database import Model, UtcDateTime


class KnownTown(Model):
    """A town that somebody here has named; the id is that of GeoNames."""

    __tablename__ = "town"

    id: Mapped[TownId] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    latitude: Mapped[float]
    longitude: Mapped[float]

    __table_args__ = (Index("ix_town_latitude_longitude", "latitude", "longitude"),)


class KnownPlace(Model):
    """A text as it is compared, and the town that it means; none where the gazetteer has none."""

    __tablename__ = "place"

    key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    town_id: Mapped[TownId | None] = mapped_column(ForeignKey("town.id"), index=True)
    looked_up_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
