"""A decision keeps what it took, so that it can be undone; what was removed before stays removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json, UtcDateTime
from app.platform.migrations.tables import changed_table

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with changed_table("decision") as batch:
        batch.add_column(sa.Column("taken", Json, nullable=True))
        batch.add_column(sa.Column("photo_id", sa.String(length=26), nullable=True))
        batch.add_column(sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_decision_photo_id"), "photo", ["photo_id"], ["id"], ondelete="SET NULL")
        batch.create_index(op.f("ix_decision_photo_id"), ["photo_id"], unique=False)
    op.add_column("stand_in", sa.Column("gone_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("stand_in", "gone_at")
    with changed_table("decision") as batch:
        batch.drop_constraint(op.f("fk_decision_photo_id"), type_="foreignkey")
        batch.drop_index(op.f("ix_decision_photo_id"))
        for name in ("undone_at", "photo_id", "taken"):
            batch.drop_column(name)
