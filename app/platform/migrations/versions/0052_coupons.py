"""Coupons of stores: how often each was taken, in all and by each person, and for which checkout and order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coupon",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("minimum_minor", sa.BigInteger(), nullable=False),
        sa.Column("uses_most", sa.Integer(), nullable=True),
        sa.Column("each_most", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("valid_from", UtcDateTime(timezone=True), nullable=False),
        sa.Column("valid_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(percent IS NULL) <> (amount_minor IS NULL)", name=op.f("ck_coupon_one_worth")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_coupon_amount_positive")),
        sa.CheckConstraint("percent > 0 AND percent <= 100", name=op.f("ck_coupon_percent_in_range")),
        sa.CheckConstraint(
            "taken >= 0 AND (uses_most IS NULL OR taken <= uses_most)", name=op.f("ck_coupon_not_overused")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_coupon_store_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_coupon_store_id_code")),
    )
    op.create_table(
        "coupon_person",
        sa.Column("coupon_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_coupon_person_taken_not_negative")),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupon.id"], name=op.f("fk_coupon_person_coupon_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_coupon_person_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coupon_id", "member_id", name=op.f("pk_coupon_person")),
    )
    op.create_index(op.f("ix_coupon_person_member_id"), "coupon_person", ["member_id"])
    op.create_table(
        "coupon_use",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("coupon_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("checkout", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["coupon_id"], ["coupon.id"], name=op.f("fk_coupon_use_coupon_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_coupon_use_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_coupon_use_order_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_use")),
    )
    for column in ("coupon_id", "member_id", "order_id"):
        op.create_index(op.f(f"ix_coupon_use_{column}"), "coupon_use", [column])
    op.create_index(
        "uq_coupon_use_live",
        "coupon_use",
        ["checkout", "coupon_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'rolled_back'"),
        postgresql_where=sa.text("state <> 'rolled_back'"),
    )
    op.create_index(
        "ix_coupon_use_locked",
        "coupon_use",
        ["until"],
        sqlite_where=sa.text("state = 'locked'"),
        postgresql_where=sa.text("state = 'locked'"),
    )


def downgrade() -> None:
    for table in ("coupon_use", "coupon_person", "coupon"):
        op.drop_table(table)
