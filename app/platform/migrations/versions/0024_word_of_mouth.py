"""Indexes for an item's word of mouth: everybody else in order, and what a circle says of some items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_recommendation_member_id_updated_at", table_name="recommendation")
    op.create_index("ix_recommendation_member_id_updated_at", "recommendation", ["member_id", "updated_at", "item_id"])
    op.create_index(
        "ix_recommendation_item_id_stance",
        "recommendation",
        [
            "item_id",
            "stance",
            sa.text("(disclosure <> 'none')"),
            sa.text("helpful_count DESC"),
            sa.text("updated_at DESC"),
            "member_id",
        ],
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_recommendation_item_id_stance", table_name="recommendation")
    op.drop_index("ix_recommendation_member_id_updated_at", table_name="recommendation")
    op.create_index("ix_recommendation_member_id_updated_at", "recommendation", ["member_id", "updated_at"])
