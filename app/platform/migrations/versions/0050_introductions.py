"""Requests for an introduction, and the people they pass through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    member = ["member.id"]
    op.create_table(
        "introduction",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("thanked_at", UtcDateTime(), nullable=True),
        sa.Column("conversation_id", sa.String(26), nullable=True),
        sa.ForeignKeyConstraint(["asker_id"], member, name=op.f("fk_introduction_asker_id_member"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["target_id"], member, name=op.f("fk_introduction_target_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_introduction_conversation_id_conversation"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(op.f("ix_introduction_target_id"), "introduction", ["target_id"])
    op.create_index(op.f("ix_introduction_conversation_id"), "introduction", ["conversation_id"])
    op.create_index("ix_introduction_asker_id_id", "introduction", ["asker_id", "id"])
    op.create_index(
        "uq_introduction_open",
        "introduction",
        ["asker_id", "target_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(
        "ix_introduction_open_until", "introduction", ["until"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "introduction_hop",
        sa.Column("introduction_id", sa.String(26), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("word", sa.String(500), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_introduction_hop_introduction_id_introduction"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], member, name=op.f("fk_introduction_hop_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("introduction_id", "place", name=op.f("pk_introduction_hop")),
    )
    op.create_index("ix_introduction_hop_member_id_state", "introduction_hop", ["member_id", "state"])


def downgrade() -> None:
    op.drop_table("introduction_hop")
    op.drop_table("introduction")
