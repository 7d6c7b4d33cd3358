"""Cases: what is wrong with an order, what was said of it, and how it was settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_case",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("opener", sa.String(length=10), nullable=False),
        sa.Column("wants", sa.String(length=12), nullable=False),
        sa.Column("wanted_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("proposal_seq", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(length=10), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("moderator_id", sa.Integer(), nullable=True),
        sa.Column("outcome_way", sa.String(length=10), nullable=True),
        sa.Column("outcome_minor", sa.BigInteger(), nullable=True),
        sa.Column("outcome_quantity", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=10), nullable=True),
        sa.Column("waits_for", sa.String(length=20), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("remind_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("buyer_id <> seller_id", name=op.f("ck_order_case_not_self")),
        sa.CheckConstraint(
            "mediator_id <> buyer_id AND mediator_id <> seller_id", name=op.f("ck_order_case_no_party_mediates")
        ),
        sa.CheckConstraint(
            "moderator_id <> buyer_id AND moderator_id <> seller_id", name=op.f("ck_order_case_no_party_decides")
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["member.id"], name=op.f("fk_order_case_buyer_id")),
        sa.ForeignKeyConstraint(["mediator_id"], ["member.id"], name=op.f("fk_order_case_mediator_id")),
        sa.ForeignKeyConstraint(["moderator_id"], ["member.id"], name=op.f("fk_order_case_moderator_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_order_case_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["member.id"], name=op.f("fk_order_case_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_case")),
    )
    op.create_index("ix_order_case_buyer_id_id", "order_case", ["buyer_id", "id"])
    op.create_index(op.f("ix_order_case_due_at"), "order_case", ["due_at"])
    op.create_index("ix_order_case_mediator_id_id", "order_case", ["mediator_id", "id"])
    op.create_index(op.f("ix_order_case_moderator_id"), "order_case", ["moderator_id"])
    op.create_index(
        "ix_order_case_open_buyer",
        "order_case",
        ["buyer_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_order_case_open_mediator",
        "order_case",
        ["mediator_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_order_case_open_seller",
        "order_case",
        ["seller_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_order_case_order_id"), "order_case", ["order_id"])
    op.create_index(
        "ix_order_case_queue",
        "order_case",
        ["id"],
        sqlite_where=sa.text("state = 'moderator'"),
        postgresql_where=sa.text("state = 'moderator'"),
    )
    op.create_index(op.f("ix_order_case_remind_at"), "order_case", ["remind_at"])
    op.create_index("ix_order_case_seller_id_id", "order_case", ["seller_id", "id"])
    op.create_index(
        "uq_order_case_open",
        "order_case",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "case_step",
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("action", sa.String(length=14), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("tracking", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) <= 2000", name=op.f("ck_case_step_text_length")),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_case_step_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["order_case.id"], name=op.f("fk_case_step_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_case_step")),
    )
    op.create_index(op.f("ix_case_step_actor_id"), "case_step", ["actor_id"])
    op.create_table(
        "case_photo",
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("photo_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["order_case.id"], name=op.f("fk_case_photo_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_case_photo_photo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "seq", "photo_id", name=op.f("pk_case_photo")),
    )
    op.create_index(op.f("ix_case_photo_photo_id"), "case_photo", ["photo_id"])


def downgrade() -> None:
    for table in ("case_photo", "case_step", "order_case"):
        op.drop_table(table)
