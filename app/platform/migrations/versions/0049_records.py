"""Records of buyers and sellers: what each order says of its two, and all of it added up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_COUNTS = ("completed", "cancelled", "on_time", "late", "missed", "no_show", "lost")


def upgrade() -> None:
    op.create_table(
        "order_outcome",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_order_outcome_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_order_outcome_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", "member_id", name=op.f("pk_order_outcome")),
    )
    op.create_index(op.f("ix_order_outcome_member_id"), "order_outcome", ["member_id"])
    op.create_table(
        "member_record",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_record_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "role", name=op.f("pk_member_record")),
    )


def downgrade() -> None:
    op.drop_table("member_record")
    op.drop_table("order_outcome")
