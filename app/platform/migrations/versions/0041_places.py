"""Which town a place means, and the town of each listing: none yet, 0 where it has no place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "town",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_town")),
    )
    op.create_index("ix_town_latitude_longitude", "town", ["latitude", "longitude"])
    op.create_table(
        "place",
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("looked_up_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["town_id"], ["town.id"], name=op.f("fk_place_town_id_town")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_place")),
    )
    op.create_index(op.f("ix_place_town_id"), "place", ["town_id"])
    op.add_column("listing", sa.Column("town_id", sa.Integer(), nullable=True))
    listing = sa.table("listing", sa.column("place_key", sa.String), sa.column("town_id", sa.Integer))
    op.execute(sa.update(listing).where(listing.c.place_key == "").values(town_id=0))
    op.create_index("ix_listing_status_town_id_id", "listing", ["status", "town_id", "id"])
    unknown = sa.text("town_id IS NULL")
    op.create_index("ix_listing_without_town", "listing", ["id"], sqlite_where=unknown, postgresql_where=unknown)


def downgrade() -> None:
    op.drop_index("ix_listing_without_town", "listing")
    op.drop_index("ix_listing_status_town_id_id", "listing")
    op.drop_column("listing", "town_id")
    op.drop_table("place")
    op.drop_table("town")
