"""Preferences and delivery of notifications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json, UtcDateTime
from app.platform.migrations.tables import changed_table

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _member(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f(f"fk_{table}_member_id"), ondelete="CASCADE")


def upgrade() -> None:
    with changed_table("notification") as batch:
        batch.add_column(sa.Column("fold", sa.String(length=26), server_default="", nullable=False))
        batch.add_column(sa.Column("data", Json, server_default=sa.text("'{}'"), nullable=False))
        batch.add_column(sa.Column("listed", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.execute("UPDATE notification SET fold = id")
    op.create_index("ix_notification_member_fold", "notification", ["member_id", "fold"], unique=False)
    op.create_table(
        "open_screen",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=True),
        sa.Column("subject_id", sa.String(length=40), nullable=True),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        _member("open_screen"),
        sa.PrimaryKeyConstraint("member_id", "tab", name=op.f("pk_open_screen")),
    )
    op.create_index(op.f("ix_open_screen_until"), "open_screen", ["until"], unique=False)
    op.create_table(
        "notification_preference",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("pace", sa.String(length=8), nullable=False),
        _member("notification_preference"),
        sa.PrimaryKeyConstraint("member_id", "kind", "channel", name=op.f("pk_notification_preference")),
    )
    op.create_table(
        "notification_day",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        _member("notification_day"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_notification_day")),
    )
    op.create_table(
        "push_device",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("endpoint_digest", sa.String(length=64), nullable=False),
        sa.Column("p256dh", sa.String(length=120), nullable=False),
        sa.Column("auth", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=True),
        _member("push_device"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_device")),
        sa.UniqueConstraint("endpoint_digest", name=op.f("uq_push_device_endpoint_digest")),
    )
    op.create_index(op.f("ix_push_device_member_id"), "push_device", ["member_id"], unique=False)
    op.create_table(
        "known_device",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        _member("known_device"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_known_device")),
    )
    op.create_index(op.f("ix_known_device_member_id"), "known_device", ["member_id"], unique=False)
    _delivery()


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=90), nullable=False),
        sa.Column("notification_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.String(length=26), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("pace", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("lease_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["push_device.id"], name=op.f("fk_delivery_device_id"), ondelete="CASCADE"
        ),
        _member("delivery"),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notification.id"],
            name=op.f("fk_delivery_notification_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    for column in ("device_id", "member_id", "notification_id"):
        op.create_index(op.f(f"ix_delivery_{column}"), "delivery", [column], unique=False)
    op.create_index("ix_delivery_state_due", "delivery", ["state", "due_at"], unique=False)


def downgrade() -> None:
    for table in (
        "delivery",
        "known_device",
        "push_device",
        "notification_day",
        "notification_preference",
        "open_screen",
    ):
        op.drop_table(table)
    op.drop_index("ix_notification_member_fold", "notification")
    with changed_table("notification") as batch:
        for column in ("listed", "data", "fold"):
            batch.drop_column(column)
