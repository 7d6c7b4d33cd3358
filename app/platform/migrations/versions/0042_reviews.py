"""Reviews of buyers and sellers: hidden until both wrote, with their answers, offers to put it right and history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("described", sa.Integer(), nullable=True),
        sa.Column("communication", sa.Integer(), nullable=True),
        sa.Column("punctual", sa.Integer(), nullable=True),
        sa.Column("packaging", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("visible_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("author_id <> about_id", name=op.f("ck_review_not_self")),
        sa.CheckConstraint("communication BETWEEN 1 AND 5", name=op.f("ck_review_communication_range")),
        sa.CheckConstraint("described BETWEEN 1 AND 5", name=op.f("ck_review_described_range")),
        sa.CheckConstraint("packaging BETWEEN 1 AND 5", name=op.f("ck_review_packaging_range")),
        sa.CheckConstraint("punctual BETWEEN 1 AND 5", name=op.f("ck_review_punctual_range")),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_stars_range")),
        sa.ForeignKeyConstraint(["about_id"], ["member.id"], name=op.f("fk_review_about_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_review_author_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["order_id"], ["market_order.id"], name=op.f("fk_review_order_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("order_id", "author_id", name=op.f("uq_review_order_id_author_id")),
    )
    op.create_index("ix_review_about_id_id", "review", ["about_id", "id"], unique=False)
    op.create_index("ix_review_author_id_id", "review", ["author_id", "id"], unique=False)

    op.create_table(
        "review_window",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("wrote", sa.Integer(), nullable=False),
        sa.Column("uncovered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("wrote BETWEEN 0 AND 2", name=op.f("ck_review_window_wrote_range")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_review_window_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_review_window")),
    )
    op.create_index(op.f("ix_review_window_next_at"), "review_window", ["next_at"], unique=False)

    op.create_table(
        "review_answer",
        sa.Column("review_id", sa.String(length=26), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["member.id"], name=op.f("fk_review_answer_author_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_answer_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_review_answer")),
    )
    op.create_index(op.f("ix_review_answer_author_id"), "review_answer", ["author_id"], unique=False)

    op.create_table(
        "review_photo",
        sa.Column("review_id", sa.String(length=26), nullable=False),
        sa.Column("photo_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_review_photo_photo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_photo_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "photo_id", name=op.f("pk_review_photo")),
    )
    op.create_index(op.f("ix_review_photo_photo_id"), "review_photo", ["photo_id"], unique=False)

    op.create_table(
        "review_recovery",
        sa.Column("review_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("remedy", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("offered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_review_recovery_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_recovery_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_review_recovery")),
    )
    op.create_index(op.f("ix_review_recovery_member_id"), "review_recovery", ["member_id"], unique=False)

    op.create_table(
        "review_version",
        sa.Column("review_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_version_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "number", name=op.f("pk_review_version")),
    )


def downgrade() -> None:
    for table in ("review_version", "review_recovery", "review_photo", "review_answer", "review_window", "review"):
        op.drop_table(table)
