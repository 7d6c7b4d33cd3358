"""What is to be paid for a thing, and how far that is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("commission_ppm", sa.Integer(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("released_minor", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", _ID, nullable=True),
        sa.Column("refund_due_minor", sa.BigInteger(), nullable=False),
        sa.Column("posting_id", _ID, nullable=True),
        sa.Column("provider_ref", sa.String(length=80), nullable=True),
        sa.Column("buyer_said_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("seller_said_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("refunded_minor <= amount_minor", name=op.f("ck_payment_refunded")),
        sa.ForeignKeyConstraint(["buyer_id"], ["member.id"], name=op.f("fk_payment_buyer_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["ledger_posting.id"], name=op.f("fk_payment_hold_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["ledger_posting.id"], name=op.f("fk_payment_posting_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["member.id"], name=op.f("fk_payment_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_payment_provider_ref")),
    )
    op.create_index("uq_payment_subject", "payment", ["subject_kind", "subject_id"], unique=True)
    for column in ("buyer_id", "seller_id", "hold_id", "posting_id"):
        op.create_index(op.f(f"ix_payment_{column}"), "payment", [column])


def downgrade() -> None:
    op.drop_table("payment")
