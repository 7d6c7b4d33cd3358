"""What is unread beside what exists; since when somebody is inside; one number for each change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json, UtcDateTime
from app.platform.migrations.tables import changed_table

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

QUIET = ("started", "joined", "left", "renamed")
CHANGED = "change_seq > 0"
FREED = "freed_change IS NOT NULL"

_conversation = sa.table(
    "conversation",
    sa.column("id", sa.String()),
    sa.column("kind", sa.String()),
    sa.column("started_at", UtcDateTime(timezone=True)),
    sa.column("last_change_seq", sa.Integer()),
)
_people = sa.table(
    "conversation_participant",
    sa.column("conversation_id", sa.String()),
    sa.column("member_id", sa.Integer()),
    sa.column("role", sa.String()),
    sa.column("standing", sa.String()),
    sa.column("left_at", UtcDateTime(timezone=True)),
    sa.column("read_change", sa.Integer()),
    sa.column("joined_at", UtcDateTime(timezone=True)),
)
_message = sa.table(
    "message",
    sa.column("id", sa.String()),
    sa.column("conversation_id", sa.String()),
    sa.column("seq", sa.Integer()),
    sa.column("change_seq", sa.Integer()),
    sa.column("author_id", sa.Integer()),
    sa.column("card", Json),
    sa.column("quiet", sa.Boolean()),
    sa.column("at", UtcDateTime(timezone=True)),
)


def upgrade() -> None:
    op.add_column("message", sa.Column("quiet", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("message", sa.Column("freed_change", sa.Integer()))
    op.add_column("notification", sa.Column("was_at", UtcDateTime(timezone=True)))
    op.add_column(
        "conversation_participant",
        sa.Column("read_change", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("conversation_participant", sa.Column("joined_at", UtcDateTime(timezone=True)))
    op.execute(sa.update(_message).where(_message.c.card["kind"].as_string().in_(QUIET)).values(quiet=True))
    _since_when()
    with changed_table("conversation_participant") as batch:
        batch.alter_column("joined_at", nullable=False)
    _heirs()
    op.drop_index("ix_message_conversation_change", table_name="message")
    _number_again()
    op.create_index(
        "ix_message_conversation_change",
        "message",
        ["conversation_id", "change_seq"],
        unique=True,
        sqlite_where=sa.text(CHANGED),
        postgresql_where=sa.text(CHANGED),
    )
    op.create_index(
        "ix_message_conversation_freed",
        "message",
        ["conversation_id", "freed_change"],
        sqlite_where=sa.text(FREED),
        postgresql_where=sa.text(FREED),
    )


def downgrade() -> None:
    op.drop_index("ix_message_conversation_freed", table_name="message")
    op.drop_index("ix_message_conversation_change", table_name="message")
    op.create_index("ix_message_conversation_change", "message", ["conversation_id", "change_seq"])
    with changed_table("conversation_participant") as batch:
        batch.drop_column("joined_at")
        batch.drop_column("read_change")
    op.drop_column("notification", "was_at")
    op.drop_column("message", "freed_change")
    op.drop_column("message", "quiet")


def _since_when() -> None:
    """As the card says that told of their coming; whoever was there from the beginning has none."""
    came = (
        sa.select(sa.func.max(_message.c.at))
        .where(
            _message.c.conversation_id == _people.c.conversation_id,
            _message.c.author_id == _people.c.member_id,
            _message.c.card["kind"].as_string() == "joined",
        )
        .scalar_subquery()
    )
    began = (
        sa.select(_conversation.c.started_at).where(_conversation.c.id == _people.c.conversation_id).scalar_subquery()
    )
    op.execute(sa.update(_people).values(joined_at=sa.func.coalesce(came, began)))


def _heirs() -> None:
    """Groups and rooms whose owner was erased."""
    owner, one = _people.alias("owner"), _people.alias("one")
    owned = sa.exists().where(
        owner.c.conversation_id == _people.c.conversation_id, owner.c.role == "owner", owner.c.left_at.is_(None)
    )
    heir = (
        sa.select(one.c.member_id)
        .where(
            one.c.conversation_id == _people.c.conversation_id,
            one.c.left_at.is_(None),
            one.c.standing == "inside",
        )
        .order_by(one.c.joined_at, one.c.member_id)
        .limit(1)
        .scalar_subquery()
    )
    shared = sa.select(_conversation.c.id).where(_conversation.c.kind.in_(["group", "room"]))
    gone = _people.c.left_at.is_not(None) & (_people.c.role == "owner")
    op.execute(sa.update(_people).where(gone, _people.c.conversation_id.in_(shared)).values(role="member"))
    op.execute(
        sa.update(_people)
        .where(_people.c.conversation_id.in_(shared), _people.c.member_id == heir, ~owned)
        .values(role="owner")
    )


def _number_again() -> None:
    """Erasing somebody gave one number to all that they had said: the later ones get numbers of their own."""
    connection = op.get_bind()
    earlier = _message.alias("earlier")
    twice = sa.exists().where(
        earlier.c.conversation_id == _message.c.conversation_id,
        earlier.c.change_seq == _message.c.change_seq,
        earlier.c.seq < _message.c.seq,
    )
    query = sa.select(_message.c.id, _message.c.conversation_id).where(_message.c.change_seq > 0, twice)
    rows = connection.execute(query.order_by(_message.c.conversation_id, _message.c.seq)).all()
    last: dict[str, int] = {}
    for row in rows:
        place = row.conversation_id
        if place not in last:
            head = sa.select(_conversation.c.last_change_seq).where(_conversation.c.id == place)
            last[place] = connection.execute(head).scalar_one()
        last[place] += 1
        connection.execute(sa.update(_message).where(_message.c.id == row.id).values(change_seq=last[place]))
    for place, number in last.items():
        connection.execute(sa.update(_conversation).where(_conversation.c.id == place).values(last_change_seq=number))
