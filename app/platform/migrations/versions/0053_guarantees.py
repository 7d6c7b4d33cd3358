"""Friends who stand in for a buyer, and how much each has promised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "guarantee",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("order_id", sa.String(26), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("guarantor_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("called_minor", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", _ID, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_guarantee_amount_positive")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_guarantee_order_id_market_order"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["member.id"], name=op.f("fk_guarantee_buyer_id_member")),
        sa.ForeignKeyConstraint(["seller_id"], ["member.id"], name=op.f("fk_guarantee_seller_id_member")),
        sa.ForeignKeyConstraint(["guarantor_id"], ["member.id"], name=op.f("fk_guarantee_guarantor_id_member")),
        sa.ForeignKeyConstraint(["hold_id"], ["ledger_posting.id"], name=op.f("fk_guarantee_hold_id_ledger_posting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee")),
    )
    stands = sa.text("state IN ('asked', 'promised')")
    op.create_index(op.f("ix_guarantee_hold_id"), "guarantee", ["hold_id"])
    op.create_index(op.f("ix_guarantee_buyer_id"), "guarantee", ["buyer_id"])
    op.create_index(op.f("ix_guarantee_seller_id"), "guarantee", ["seller_id"])
    op.create_index("ix_guarantee_guarantor_id_state", "guarantee", ["guarantor_id", "state"])
    op.create_index(
        "uq_guarantee_order", "guarantee", ["order_id"], unique=True, sqlite_where=stands, postgresql_where=stands
    )
    op.create_table(
        "guarantor_total",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("promised_minor", sa.BigInteger(), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "promised_minor >= 0 AND promised_minor <= limit_minor",
            name=op.f("ck_guarantor_total_promised_within_limit"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_guarantor_total_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "currency", name=op.f("pk_guarantor_total")),
    )


def downgrade() -> None:
    op.drop_table("guarantor_total")
    op.drop_table("guarantee")
