"""Items without duplicates, and asks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added one by one: on SQLite a table made anew would take with it, by their foreign
    # keys, all that is said of its rows.
    op.add_column("item", sa.Column("maker", sa.String(length=80), server_default="", nullable=False))
    op.add_column("item", sa.Column("gtin", sa.String(length=14), nullable=True))
    op.add_column("item", sa.Column("url", sa.String(length=500), nullable=True))
    op.add_column("item", sa.Column("url_key", sa.String(length=500), nullable=True))
    op.execute(
        "ALTER TABLE item ADD COLUMN merged_into_id VARCHAR(26) "
        "CONSTRAINT ck_item_not_into_itself CHECK (merged_into_id <> id) "
        "CONSTRAINT fk_item_merged_into_id REFERENCES item (id)"
    )
    op.create_index(op.f("ix_item_gtin"), "item", ["gtin"], unique=True)
    op.create_index(op.f("ix_item_url_key"), "item", ["url_key"], unique=True)
    op.create_index(op.f("ix_item_merged_into_id"), "item", ["merged_into_id"], unique=False)
    op.create_table(
        "item_merge",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kept_id", sa.String(length=26), nullable=False),
        sa.Column("gone_id", sa.String(length=26), nullable=False),
        sa.Column("open_pair", sa.String(length=53), nullable=True),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_item_merge_two_items")),
        sa.ForeignKeyConstraint(["kept_id"], ["item.id"], name=op.f("fk_item_merge_kept_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["gone_id"], ["item.id"], name=op.f("fk_item_merge_gone_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["member.id"], name=op.f("fk_item_merge_proposer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["member.id"], name=op.f("fk_item_merge_decided_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_merge")),
        sa.UniqueConstraint("open_pair", name=op.f("uq_item_merge_open_pair")),
    )
    for column in ("kept_id", "gone_id", "proposer_id", "decided_by"):
        op.create_index(op.f(f"ix_item_merge_{column}"), "item_merge", [column], unique=False)
    op.create_index("ix_item_merge_status_id", "item_merge", ["status", "id"], unique=False)
    _asks()


def _asks() -> None:
    op.create_table(
        "ask",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("helped_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("widened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "hops BETWEEN 1 AND 4 AND reach BETWEEN 1 AND 4 AND hops <= reach", name=op.f("ck_ask_hops")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_ask_author_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["helped_id"], ["recommendation.id"], name=op.f("fk_ask_helped_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
    )
    op.create_index("ix_ask_author_id_id", "ask", ["author_id", "id"], unique=False)
    op.create_index("ix_ask_status_hops_id", "ask", ["status", "hops", "id"], unique=False)
    op.create_index("ix_ask_status_widened_at", "ask", ["status", "widened_at"], unique=False)
    op.create_index(op.f("ix_ask_helped_id"), "ask", ["helped_id"], unique=False)
    op.create_table(
        "ask_reached",
        sa.Column("ask_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_ask_reached_ask_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_ask_reached_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ask_id", "member_id", name=op.f("pk_ask_reached")),
    )
    op.create_index("ix_ask_reached_member_id_ask_id", "ask_reached", ["member_id", "ask_id"], unique=False)
    op.create_table(
        "ask_answer",
        sa.Column("ask_id", sa.String(length=26), nullable=False),
        sa.Column("recommendation_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_ask_answer_ask_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_ask_answer_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ask_answer_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ask_id", "recommendation_id", name=op.f("pk_ask_answer")),
    )
    op.create_index(op.f("ix_ask_answer_recommendation_id"), "ask_answer", ["recommendation_id"], unique=False)
    op.create_index(op.f("ix_ask_answer_member_id"), "ask_answer", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("ask_answer")
    op.drop_table("ask_reached")
    op.drop_table("ask")
    op.drop_table("item_merge")
    for name in ("ix_item_merged_into_id", "ix_item_url_key", "ix_item_gtin"):
        op.drop_index(name, "item")
    for column in ("merged_into_id", "url_key", "url", "gtin", "maker"):
        op.drop_column("item", column)
