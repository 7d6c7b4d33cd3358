"""Who is erased or suspended, by id: what asks of thousands of members asks these few."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_HIDDEN = "ix_member_hidden"


def upgrade() -> None:
    op.create_index(
        _HIDDEN,
        "member",
        [sa.text("(id + 0)"), "active", "suspended_until"],
        sqlite_where=sa.text("active IS 0 OR suspended_until IS NOT NULL"),
        postgresql_where=sa.text("active IS false OR suspended_until IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(_HIDDEN, table_name="member")
