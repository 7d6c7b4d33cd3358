"""What stores sell in detail, carts over several sellers, and what one order of several things is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json, UtcDateTime

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_variant",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("options", sa.String(length=120), nullable=False),
        sa.Column("sku", sa.String(length=60), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_product_variant_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["store_id", "item_id"],
            ["product.store_id", "product.item_id"],
            name=op.f("fk_product_variant_store_id_item_id"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_variant")),
        sa.UniqueConstraint("store_id", "item_id", "options", name=op.f("uq_product_variant_store_id_item_id_options")),
    )
    op.create_index(op.f("ix_product_variant_item_id"), "product_variant", ["item_id"])
    op.create_table(
        "shipping_option",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("free_from_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("free_from_minor >= 0", name=op.f("ck_shipping_option_free_from_not_negative")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_shipping_option_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_shipping_option_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_option")),
        sa.UniqueConstraint("store_id", "name", "currency", name=op.f("uq_shipping_option_store_id_name_currency")),
    )
    op.create_table(
        "tax_rate",
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate >= 0 AND rate < 10000", name=op.f("ck_tax_rate_rate_in_range")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_tax_rate_store_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store_id", "category", "valid_from", name=op.f("pk_tax_rate")),
    )
    op.create_table(
        "cart",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("group_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ordered_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_cart_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart")),
    )
    op.create_index(op.f("ix_cart_member_id"), "cart", ["member_id"])
    op.create_index(
        "uq_cart_open",
        "cart",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "cart_line",
        sa.Column("cart_id", sa.String(length=26), nullable=False),
        sa.Column("thing_kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.String(length=26), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_cart_line_quantity_positive")),
        sa.ForeignKeyConstraint(["cart_id"], ["cart.id"], name=op.f("fk_cart_line_cart_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cart_id", "thing_kind", "thing_id", name=op.f("pk_cart_line")),
    )
    op.create_table(
        "basket",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("kept", Json, nullable=False),
        sa.ForeignKeyConstraint(["buyer_id"], ["member.id"], name=op.f("fk_basket_buyer_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["member.id"], name=op.f("fk_basket_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basket")),
    )
    op.create_index(op.f("ix_basket_buyer_id"), "basket", ["buyer_id"])
    op.create_index(op.f("ix_basket_seller_id"), "basket", ["seller_id"])
    op.create_table(
        "basket_line",
        sa.Column("basket_id", sa.String(length=26), nullable=False),
        sa.Column("thing_kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.String(length=26), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_basket_line_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["basket_id"], ["basket.id"], name=op.f("fk_basket_line_basket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("basket_id", "thing_kind", "thing_id", name=op.f("pk_basket_line")),
    )
    op.create_index("ix_basket_line_thing_kind_thing_id", "basket_line", ["thing_kind", "thing_id"])


def downgrade() -> None:
    for table in (
        "basket_line",
        "basket",
        "cart_line",
        "cart",
        "tax_rate",
        "shipping_option",
        "product_variant",
    ):
        op.drop_table(table)
