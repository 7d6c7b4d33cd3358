"""The letters of a handle that somebody has chosen: no two are told apart by underscores alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty for whoever is here already: a newcomer finds them by looking.
    op.add_column("member", sa.Column("chosen_letters", sa.String(length=30), nullable=True))
    op.create_index(op.f("ix_member_chosen_letters"), "member", ["chosen_letters"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_member_chosen_letters"), table_name="member")
    op.drop_column("member", "chosen_letters")
