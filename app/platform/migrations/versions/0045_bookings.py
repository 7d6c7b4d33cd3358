"""Times of services that can be booked, and who has booked them; until when a booked meeting can be called off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_meeting", sa.Column("cancel_by", UtcDateTime(), nullable=True))
    op.create_table(
        "service_slot",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("listing_id", sa.String(26), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("cancel_hours", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("booking_id", sa.String(26), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_service_slot_ends_later")),
        sa.CheckConstraint("booking_id IS NULL OR closed_at IS NULL", name=op.f("ck_service_slot_booked_is_open")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_service_slot_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["member.id"], name=op.f("fk_service_slot_seller_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_slot")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_service_slot_booking_id")),
        sa.UniqueConstraint("listing_id", "starts_at", name=op.f("uq_service_slot_listing_id_starts_at")),
    )
    op.create_index("ix_service_slot_seller_id_starts_at", "service_slot", ["seller_id", "starts_at"])
    op.create_table(
        "booking",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("slot_id", sa.String(26), nullable=False),
        sa.Column("order_id", sa.String(26), nullable=True),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("proposed_slot_id", sa.String(26), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("buyer_missed_at", UtcDateTime(), nullable=True),
        sa.Column("seller_missed_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("buyer_id <> seller_id", name=op.f("ck_booking_not_self")),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["service_slot.id"], name=op.f("fk_booking_slot_id_service_slot"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_booking_order_id_market_order"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["member.id"], name=op.f("fk_booking_buyer_id_member")),
        sa.ForeignKeyConstraint(["seller_id"], ["member.id"], name=op.f("fk_booking_seller_id_member")),
        sa.ForeignKeyConstraint(
            ["proposed_slot_id"],
            ["service_slot.id"],
            name=op.f("fk_booking_proposed_slot_id_service_slot"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["member.id"], name=op.f("fk_booking_proposed_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("order_id", name=op.f("uq_booking_order_id")),
    )
    op.create_index(op.f("ix_booking_slot_id"), "booking", ["slot_id"])
    op.create_index(op.f("ix_booking_proposed_slot_id"), "booking", ["proposed_slot_id"])
    op.create_index(op.f("ix_booking_proposed_by"), "booking", ["proposed_by"])
    op.create_index("ix_booking_buyer_id_starts_at", "booking", ["buyer_id", "starts_at"])
    op.create_index("ix_booking_seller_id_starts_at", "booking", ["seller_id", "starts_at"])
    waiting = sa.text("reminded_at IS NULL AND cancelled_at IS NULL")
    op.create_index("ix_booking_to_remind", "booking", ["starts_at"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("booking")
    op.drop_table("service_slot")
    op.drop_column("order_meeting", "cancel_by")
