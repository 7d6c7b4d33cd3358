"""What trust learned: trades, upheld reports, standing, rings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import BigId, Json, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _member(table: str, column: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["member.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def upgrade() -> None:
    # Not in a batch: that may make the table anew on SQLite, and dropping it would take all that hangs on it.
    op.add_column("member", sa.Column("certified", sa.Boolean(), server_default="0", nullable=False))
    _ties()
    _reputation()
    _rings()


def _ties() -> None:
    op.create_table(
        "trade",
        sa.Column("order_id", sa.String(length=40), nullable=False),
        sa.Column("truster_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("trustee_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("truster_id <> trustee_id", name=op.f("ck_trade_not_self")),
        _member("trade", "trustee_id"),
        _member("trade", "truster_id"),
        sa.PrimaryKeyConstraint("order_id", "truster_id", name=op.f("pk_trade")),
    )
    op.create_index(op.f("ix_trade_trustee_id"), "trade", ["trustee_id"], unique=False)
    op.create_index("ix_trade_truster_id_trustee_id", "trade", ["truster_id", "trustee_id"], unique=False)
    op.create_table(
        "upheld_report",
        sa.Column("report_id", sa.String(length=26), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reporter_id <> member_id", name=op.f("ck_upheld_report_not_self")),
        _member("upheld_report", "member_id"),
        _member("upheld_report", "reporter_id"),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_upheld_report")),
    )
    op.create_index(op.f("ix_upheld_report_member_id"), "upheld_report", ["member_id"], unique=False)
    op.create_index(op.f("ix_upheld_report_reporter_id"), "upheld_report", ["reporter_id"], unique=False)


def _reputation() -> None:
    op.create_table(
        "standing",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("computed_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score > 0 AND score <= 1", name=op.f("ck_standing_score_range")),
        _member("standing", "member_id"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_standing")),
    )
    op.create_table(
        "trust_seed",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=True),
        sa.Column("named_at", UtcDateTime(timezone=True), nullable=False),
        _member("trust_seed", "member_id"),
        _member("trust_seed", "named_by", "SET NULL"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_trust_seed")),
    )
    op.create_index(op.f("ix_trust_seed_named_by"), "trust_seed", ["named_by"], unique=False)
    op.create_table(
        "reputation_run",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("running", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("beat_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("certified", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=True),
        _member("reputation_run", "asked_by", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reputation_run")),
        sa.UniqueConstraint("running", name=op.f("uq_reputation_run_running")),
    )
    op.create_index(op.f("ix_reputation_run_asked_by"), "reputation_run", ["asked_by"], unique=False)


def _rings() -> None:
    op.create_table(
        "ring_finding",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("found_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("density", sa.Float(), nullable=False),
        sa.Column("closed", sa.Float(), nullable=False),
        sa.Column("joined_within", sa.Float(), nullable=True),
        sa.Column("alike", sa.Float(), nullable=True),
        sa.Column("suspicion", sa.Float(), nullable=False),
        sa.Column("outsiders", sa.Integer(), nullable=False),
        sa.Column("edges", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ring_finding")),
    )
    op.create_index("ix_ring_finding_status_suspicion", "ring_finding", ["status", "suspicion"], unique=False)
    op.create_table(
        "ring_member",
        sa.Column("ring_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        _member("ring_member", "member_id"),
        sa.ForeignKeyConstraint(
            ["ring_id"], ["ring_finding.id"], name=op.f("fk_ring_member_ring_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ring_id", "member_id", name=op.f("pk_ring_member")),
    )
    op.create_index(op.f("ix_ring_member_member_id"), "ring_member", ["member_id"], unique=False)


def downgrade() -> None:
    for table in ("ring_member", "ring_finding", "reputation_run", "trust_seed", "standing", "upheld_report", "trade"):
        op.drop_table(table)
    op.drop_column("member", "certified")
