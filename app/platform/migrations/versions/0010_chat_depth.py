"""Groups, rooms, cards, replies, reactions, edits, photos, requests, held messages, presence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import BigId, Json, UtcDateTime
from app.platform.migrations.tables import changed_table

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversation", sa.Column("about", sa.String(), server_default="", nullable=False))
    op.add_column("conversation", sa.Column("place", sa.String(length=80), server_default="", nullable=False))
    op.add_column("conversation", sa.Column("search_key", sa.String(), server_default="", nullable=False))
    op.create_index(op.f("ix_conversation_kind"), "conversation", ["kind"], unique=False)
    people = "conversation_participant"
    op.add_column(people, sa.Column("role", sa.String(length=10), server_default="member", nullable=False))
    op.add_column(people, sa.Column("standing", sa.String(length=10), server_default="inside", nullable=False))
    op.add_column(people, sa.Column("muted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("message", sa.Column("folded", sa.String(), server_default="", nullable=False))
    # What was said so far can be searched too; newer messages are folded by the application.
    op.execute("UPDATE message SET folded = lower(body) WHERE deleted_at IS NULL")
    op.add_column("message", sa.Column("card", Json, nullable=True))
    op.add_column("message", sa.Column("reply_seq", sa.Integer(), nullable=True))
    op.add_column("message", sa.Column("signs", Json, nullable=True))
    op.add_column("message", sa.Column("held_at", UtcDateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_message_held_at"), "message", ["held_at"], unique=False)
    op.create_table(
        "message_edit",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_edit_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_edit")),
    )
    op.create_index(op.f("ix_message_edit_message_id"), "message_edit", ["message_id"], unique=False)
    op.create_table(
        "message_reaction",
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("emoji", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_message_reaction_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_reaction_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "member_id", "emoji", name=op.f("pk_message_reaction")),
    )
    op.create_index(op.f("ix_message_reaction_member_id"), "message_reaction", ["member_id"], unique=False)
    op.create_table(
        "message_photo",
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_photo_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_message_photo_photo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", "position", name=op.f("pk_message_photo")),
    )
    op.create_index(op.f("ix_message_photo_photo_id"), "message_photo", ["photo_id"], unique=False)
    op.create_table(
        "presence",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_presence_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_presence")),
    )


def downgrade() -> None:
    op.drop_table("presence")
    op.drop_table("message_photo")
    op.drop_table("message_reaction")
    op.drop_table("message_edit")
    with changed_table("message") as batch:
        batch.drop_index(op.f("ix_message_held_at"))
        for name in ("held_at", "signs", "reply_seq", "card", "folded"):
            batch.drop_column(name)
    with changed_table("conversation_participant") as batch:
        for name in ("muted", "standing", "role"):
            batch.drop_column(name)
    with changed_table("conversation") as batch:
        batch.drop_index(op.f("ix_conversation_kind"))
        for name in ("search_key", "place", "about"):
            batch.drop_column(name)
