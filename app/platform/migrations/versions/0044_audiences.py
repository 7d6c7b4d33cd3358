"""Whom a listing is shown to, and whom the sellers reach who don't show theirs to everyone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reaching_seller",
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["member.id"], name=op.f("fk_reaching_seller_seller_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("pk_reaching_seller")),
    )
    op.create_index(op.f("ix_reaching_seller_read_at"), "reaching_seller", ["read_at"])
    op.create_table(
        "seller_reach",
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_seller_reach_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["member.id"], name=op.f("fk_seller_reach_seller_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seller_id", "member_id", name=op.f("pk_seller_reach")),
    )
    op.create_index(op.f("ix_seller_reach_member_id"), "seller_reach", ["member_id"])
    op.create_table(
        "listing_audience",
        sa.Column("listing_id", sa.String(26), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("widens_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_audience_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["member.id"], name=op.f("fk_listing_audience_seller_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_listing_audience")),
    )
    op.create_index(op.f("ix_listing_audience_seller_id"), "listing_audience", ["seller_id"])
    op.create_index(op.f("ix_listing_audience_widens_at"), "listing_audience", ["widens_at"])


def downgrade() -> None:
    for name in ("listing_audience", "seller_reach", "reaching_seller"):
        op.drop_table(name)
