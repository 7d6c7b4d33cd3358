"""Orders: what is left of a thing, who buys it of whom, each step, and how it gets there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json, UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock",
        sa.Column("thing_kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.String(length=26), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= total", name=op.f("ck_stock_not_oversold")),
        sa.PrimaryKeyConstraint("thing_kind", "thing_id", name=op.f("pk_stock")),
    )
    op.create_table(
        "market_order",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("thing_kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.String(length=26), nullable=False),
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("delivery", sa.String(length=10), nullable=False),
        sa.Column("payment", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("stage_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("snapshot", Json, nullable=False),
        sa.Column("group_id", sa.String(length=26), nullable=True),
        sa.Column("conversation_id", sa.String(length=26), nullable=True),
        sa.Column("due_kind", sa.String(length=12), nullable=True),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("remind_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("held_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("buyer_id <> seller_id", name=op.f("ck_market_order_not_self")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_market_order_quantity_positive")),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_market_order_total_not_negative")),
        sa.ForeignKeyConstraint(["buyer_id"], ["member.id"], name=op.f("fk_market_order_buyer_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_market_order_conversation_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["member.id"], name=op.f("fk_market_order_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_order")),
        sa.UniqueConstraint(
            "source_kind",
            "source_id",
            "thing_kind",
            "thing_id",
            name=op.f("uq_market_order_source_kind_source_id_thing_kind_thing_id"),
        ),
    )
    op.create_index(op.f("ix_market_order_buyer_id_id"), "market_order", ["buyer_id", "id"])
    op.create_index(op.f("ix_market_order_conversation_id"), "market_order", ["conversation_id"])
    op.create_index(op.f("ix_market_order_due_at"), "market_order", ["due_at"])
    op.create_index(op.f("ix_market_order_group_id"), "market_order", ["group_id"])
    op.create_index(op.f("ix_market_order_remind_at"), "market_order", ["remind_at"])
    op.create_index(op.f("ix_market_order_seller_id_id"), "market_order", ["seller_id", "id"])
    op.create_index(op.f("ix_market_order_thing_kind_thing_id"), "market_order", ["thing_kind", "thing_id"])
    op.create_index(
        op.f("ix_market_order_to_confirm"),
        "market_order",
        ["seller_id"],
        sqlite_where=sa.text("stage = 'placed'"),
        postgresql_where=sa.text("stage = 'placed'"),
    )

    op.create_table(
        "handover_code",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_handover_code_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_handover_code")),
    )
    op.create_table(
        "order_meeting",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_order_meeting_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["member.id"], name=op.f("fk_order_meeting_proposed_by")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_meeting")),
    )
    op.create_index(op.f("ix_order_meeting_proposed_by"), "order_meeting", ["proposed_by"])

    op.create_table(
        "order_step",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("length(note) <= 500", name=op.f("ck_order_step_note_length")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_order_step_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", "seq", name=op.f("pk_order_step")),
    )
    op.create_table(
        "parcel",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("tracking", sa.String(length=60), nullable=False),
        sa.Column("shipped_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["market_order.id"], name=op.f("fk_parcel_order_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_parcel")),
    )


def downgrade() -> None:
    for table in ("parcel", "order_step", "order_meeting", "handover_code", "market_order", "stock"):
        op.drop_table(table)
