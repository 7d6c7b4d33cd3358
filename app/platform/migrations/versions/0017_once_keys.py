"""Numbers of forms and keys of API calls that were used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import BigId, Json, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "once_key",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", Json, nullable=True),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_once_key")),
        sa.UniqueConstraint("member_id", "key", name=op.f("uq_once_key_member_id_key")),
    )
    op.create_index(op.f("ix_once_key_until"), "once_key", ["until"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_once_key_until"), table_name="once_key")
    op.drop_table("once_key")
