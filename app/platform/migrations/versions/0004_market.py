"""Listings and the search index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime
from app.platform.search.tables import create_search_tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_search_document_kind_ref")),
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("condition", sa.String(length=10), nullable=True),
        sa.Column("price_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("place_key", sa.String(length=160), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("cover_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price_minor IS NULL OR price_minor >= 0", name=op.f("ck_listing_price_not_negative")),
        sa.ForeignKeyConstraint(["cover_id"], ["photo.id"], name=op.f("fk_listing_cover_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["seller_id"], ["member.id"], name=op.f("fk_listing_seller_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
    )
    op.create_index(op.f("ix_listing_cover_id"), "listing", ["cover_id"], unique=False)
    op.create_index(op.f("ix_listing_seller_id"), "listing", ["seller_id"], unique=False)
    op.create_index("ix_listing_status_category_id", "listing", ["status", "category", "id"], unique=False)
    op.create_index("ix_listing_status_id", "listing", ["status", "id"], unique=False)
    op.create_table(
        "listing_photo",
        sa.Column("listing_id", sa.String(length=26), nullable=False),
        sa.Column("photo_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_photo_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_listing_photo_photo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("listing_id", "photo_id", name=op.f("pk_listing_photo")),
    )
    op.create_index(op.f("ix_listing_photo_photo_id"), "listing_photo", ["photo_id"], unique=False)
    op.create_table(
        "saved_listing",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.String(length=26), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_saved_listing_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_saved_listing_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "listing_id", name=op.f("pk_saved_listing")),
    )
    op.create_index(op.f("ix_saved_listing_listing_id"), "saved_listing", ["listing_id"], unique=False)
    create_search_tables(op.get_bind())


def downgrade() -> None:
    op.drop_table("saved_listing")
    op.drop_table("listing_photo")
    op.drop_table("listing")
    op.drop_table("search_document")
