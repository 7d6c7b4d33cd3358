"""Reports and the append-only log of actions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQLITE = tuple(
    f"CREATE TRIGGER moderation_action_no_{what} BEFORE {what.upper()} ON moderation_action "
    "BEGIN SELECT RAISE(ABORT, 'the moderation log is append-only'); END"
    for what in ("update", "delete")
)
_POSTGRESQL = (
    """CREATE FUNCTION moderation_action_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the moderation log is append-only'; END $$""",
    """CREATE TRIGGER moderation_action_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON moderation_action FOR EACH STATEMENT EXECUTE FUNCTION moderation_action_append_only()""",
)


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_report_author_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["member.id"], name=op.f("fk_report_reporter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_author_id"), "report", ["author_id"], unique=False)
    op.create_index(op.f("ix_report_reporter_id"), "report", ["reporter_id"], unique=False)
    op.create_index("ix_report_status_id", "report", ["status", "id"], unique=False)
    op.create_index(
        "uq_report_open",
        "report",
        ["subject_kind", "subject_id", "reporter_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "moderation_action",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.String(length=26), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_moderation_action_actor_id")),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_moderation_action_author_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_moderation_action_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_action")),
        sa.UniqueConstraint("digest", name=op.f("uq_moderation_action_digest")),
        sa.UniqueConstraint("previous", name=op.f("uq_moderation_action_previous")),
    )
    op.create_index(op.f("ix_moderation_action_actor_id"), "moderation_action", ["actor_id"], unique=False)
    op.create_index(op.f("ix_moderation_action_author_id"), "moderation_action", ["author_id"], unique=False)
    op.create_index(op.f("ix_moderation_action_report_id"), "moderation_action", ["report_id"], unique=False)
    statements = _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("moderation_action")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION moderation_action_append_only()")
    op.drop_table("report")
