"""Sessions have rows, so that one can end; an address is the member's when it was confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_session_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_member_session")),
    )
    op.create_index("ix_member_session_member_id", "member_session", ["member_id"], unique=False)
    op.add_column("member", sa.Column("unconfirmed_email", sa.String(length=255), nullable=True))
    op.create_index("ix_member_unconfirmed_email", "member", ["unconfirmed_email"], unique=False)
    op.add_column("push_device", sa.Column("session", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("push_device", "session")
    op.drop_index("ix_member_unconfirmed_email", table_name="member")
    op.drop_column("member", "unconfirmed_email")
    op.drop_index("ix_member_session_member_id", table_name="member_session")
    op.drop_table("member_session")
