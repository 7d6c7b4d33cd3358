"""Vouches, distrust, referrals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "distrust",
        sa.Column("truster_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("trustee_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("truster_id <> trustee_id", name=op.f("ck_distrust_not_self")),
        sa.ForeignKeyConstraint(["trustee_id"], ["member.id"], name=op.f("fk_distrust_trustee_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["truster_id"], ["member.id"], name=op.f("fk_distrust_truster_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("truster_id", "trustee_id", name=op.f("pk_distrust")),
    )
    op.create_index(op.f("ix_distrust_trustee_id"), "distrust", ["trustee_id"], unique=False)
    op.create_table(
        "referral",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("inviter_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("member_id <> inviter_id", name=op.f("ck_referral_not_self")),
        sa.ForeignKeyConstraint(["inviter_id"], ["member.id"], name=op.f("fk_referral_inviter_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_referral_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_inviter_id"), "referral", ["inviter_id"], unique=False)
    op.create_table(
        "vouch",
        sa.Column("truster_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("trustee_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("strength", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=280), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("truster_id <> trustee_id", name=op.f("ck_vouch_not_self")),
        sa.CheckConstraint("weight > 0 AND weight <= 1", name=op.f("ck_vouch_weight_range")),
        sa.ForeignKeyConstraint(["trustee_id"], ["member.id"], name=op.f("fk_vouch_trustee_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["truster_id"], ["member.id"], name=op.f("fk_vouch_truster_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("truster_id", "trustee_id", name=op.f("pk_vouch")),
    )
    op.create_index(op.f("ix_vouch_expires_at"), "vouch", ["expires_at"], unique=False)
    op.create_index(op.f("ix_vouch_trustee_id"), "vouch", ["trustee_id"], unique=False)


def downgrade() -> None:
    op.drop_table("vouch")
    op.drop_table("referral")
    op.drop_table("distrust")
