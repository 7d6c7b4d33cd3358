"""Offers: what two people say on their way to a price, and about which things."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("asked_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("bid", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=6), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.String(length=10), nullable=False),
        sa.Column("payment", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("group_id", sa.String(length=26), nullable=True),
        sa.Column("conversation_id", sa.String(length=26), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("remind_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_offer_amount_positive")),
        sa.CheckConstraint("buyer_id <> seller_id", name=op.f("ck_offer_not_self")),
        sa.ForeignKeyConstraint(["buyer_id"], ["member.id"], name=op.f("fk_offer_buyer_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_offer_conversation_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["member.id"], name=op.f("fk_offer_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_buyer_id_id"), "offer", ["buyer_id", "id"])
    op.create_index(op.f("ix_offer_conversation_id"), "offer", ["conversation_id"])
    op.create_index(
        op.f("ix_offer_open_buyer_id"),
        "offer",
        ["buyer_id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_offer_open_ends_at"),
        "offer",
        ["ends_at"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_offer_open_remind_at"),
        "offer",
        ["remind_at"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_offer_open_seller_id"),
        "offer",
        ["seller_id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_offer_seller_id_id"), "offer", ["seller_id", "id"])

    op.create_table(
        "offer_step",
        sa.Column("offer_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verb", sa.String(length=10), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_step_offer_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("offer_id", "seq", name=op.f("pk_offer_step")),
    )
    op.create_table(
        "offer_item",
        sa.Column("offer_id", sa.String(length=26), nullable=False),
        sa.Column("listing_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("asked_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_offer_item_quantity_positive")),
        sa.ForeignKeyConstraint(["buyer_id"], ["member.id"], name=op.f("fk_offer_item_buyer_id")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_offer_item_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_item_offer_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("offer_id", "listing_id", name=op.f("pk_offer_item")),
    )
    op.create_index(op.f("ix_offer_item_buyer_id"), "offer_item", ["buyer_id"])
    op.create_index(op.f("ix_offer_item_listing_id"), "offer_item", ["listing_id"])
    op.create_index(
        op.f("uq_offer_item_open"),
        "offer_item",
        ["listing_id", "buyer_id"],
        unique=True,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )

    op.create_table(
        "offer_terms",
        sa.Column("listing_id", sa.String(length=26), nullable=False),
        sa.Column("from_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("from_minor > 0", name=op.f("ck_offer_terms_from_positive")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_offer_terms_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_offer_terms")),
    )


def downgrade() -> None:
    for table in ("offer_terms", "offer_item", "offer_step", "offer"):
        op.drop_table(table)
