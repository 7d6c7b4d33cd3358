"""What members have told the feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_preference",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), server_default="circle", nullable=False),
        sa.Column("personal", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("topics", Json, nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_feed_preference_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_feed_preference")),
    )
    op.create_table(
        "feed_choice",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_feed_choice_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "choice", "target", name=op.f("pk_feed_choice")),
    )
    op.create_index("ix_feed_choice_member_id_created_at", "feed_choice", ["member_id", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("feed_choice")
    op.drop_table("feed_preference")
