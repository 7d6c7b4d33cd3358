"""Stores, products, advocates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "store",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_store_owner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("owner_id", name=op.f("uq_store_owner_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_store_slug")),
    )
    op.create_table(
        "advocate",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_advocate_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_advocate_store_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advocate")),
        sa.UniqueConstraint("code", name=op.f("uq_advocate_code")),
        sa.UniqueConstraint("store_id", "member_id", name=op.f("uq_advocate_store_id_member_id")),
    )
    op.create_index(op.f("ix_advocate_member_id"), "advocate", ["member_id"], unique=False)
    op.create_table(
        "advocate_tally",
        sa.Column("advocate_id", sa.String(length=26), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("signups", sa.Integer(), nullable=False),
        sa.Column("recommendations", sa.Integer(), nullable=False),
        sa.Column("last_event", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["advocate_id"], ["advocate.id"], name=op.f("fk_advocate_tally_advocate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("advocate_id", name=op.f("pk_advocate_tally")),
    )
    op.create_table(
        "advocate_visitor",
        sa.Column("advocate_id", sa.String(length=26), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["advocate_id"], ["advocate.id"], name=op.f("fk_advocate_visitor_advocate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("advocate_id", "visitor", "day", name=op.f("pk_advocate_visitor")),
    )
    op.create_table(
        "product",
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_product_price_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_product_item_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_product_store_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store_id", "item_id", name=op.f("pk_product")),
    )
    op.create_index(op.f("ix_product_item_id"), "product", ["item_id"], unique=False)


def downgrade() -> None:
    op.drop_table("product")
    op.drop_table("advocate_visitor")
    op.drop_table("advocate_tally")
    op.drop_table("advocate")
    op.drop_table("store")
