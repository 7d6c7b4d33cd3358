"""Which of their listings members put on top of their profiles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pinned_listing",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.String(length=26), nullable=False),
        sa.Column("pinned_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_pinned_listing_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_pinned_listing_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_pinned_listing")),
    )
    op.create_index(op.f("ix_pinned_listing_listing_id"), "pinned_listing", ["listing_id"])


def downgrade() -> None:
    op.drop_table("pinned_listing")
