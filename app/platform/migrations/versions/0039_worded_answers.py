"""Answers in words: an id of their own, and a recommendation only where one is attached.

Thanks move from the ask to the answer. Going down, answers without a recommendation have no place.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.kernel.ids import new_id
from app.platform.database import UtcDateTime
from app.platform.migrations.tables import changed_table

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_ask = sa.table("ask", sa.column("id"), sa.column("helped_id"))


def upgrade() -> None:
    answer = _old()
    helped = sa.and_(_ask.c.id == answer.c.ask_id, _ask.c.helped_id == answer.c.recommendation_id)
    thanked = sa.select(answer, _ask.c.helped_id).outerjoin(_ask, helped)
    # Ids grow with time, so they are given in the order of the answers.
    rows = _rows(thanked.order_by(answer.c.at, answer.c.ask_id, answer.c.recommendation_id))
    op.drop_table("ask_answer")
    _create_new()
    for row in rows:
        helped_id = row.pop("helped_id")
        row |= {"id": new_id(), "text": "", "edited_at": None, "removed_at": None}
        row["thanked_at"] = row["at"] if helped_id is not None else None
    if rows:
        op.bulk_insert(_new(), rows)
    with changed_table("ask") as batch:
        batch.drop_index("ix_ask_helped_id")
        batch.drop_constraint("fk_ask_helped_id", type_="foreignkey")
        batch.drop_column("helped_id")


def downgrade() -> None:
    answer = _new()
    with changed_table("ask") as batch:
        batch.add_column(sa.Column("helped_id", sa.String(length=26), nullable=True))
        batch.create_foreign_key("fk_ask_helped_id", "recommendation", ["helped_id"], ["id"], ondelete="SET NULL")
        batch.create_index("ix_ask_helped_id", ["helped_id"], unique=False)
    thanked = (
        sa.select(answer.c.recommendation_id)
        .where(answer.c.ask_id == _ask.c.id, answer.c.thanked_at.is_not(None))
        .scalar_subquery()
    )
    op.execute(sa.update(_ask).values(helped_id=thanked))
    # Given, taken away and given again, it was one.
    once = (
        sa.select(answer.c.ask_id, answer.c.recommendation_id, answer.c.member_id, sa.func.min(answer.c.at).label("at"))
        .where(answer.c.recommendation_id.is_not(None))
        .group_by(answer.c.ask_id, answer.c.recommendation_id, answer.c.member_id)
    )
    rows = _rows(once)
    op.drop_table("ask_answer")
    _create_old()
    if rows:
        op.bulk_insert(_old(), rows)


def _rows(query: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(query).mappings()]


def _old() -> sa.TableClause:
    return sa.table(
        "ask_answer",
        sa.column("ask_id", sa.String(26)),
        sa.column("recommendation_id", sa.String(26)),
        sa.column("member_id", sa.Integer()),
        sa.column("at", UtcDateTime(timezone=True)),
    )


def _new() -> sa.TableClause:
    return sa.table(
        "ask_answer",
        sa.column("id", sa.String(26)),
        sa.column("ask_id", sa.String(26)),
        sa.column("member_id", sa.Integer()),
        sa.column("text", sa.Text()),
        sa.column("recommendation_id", sa.String(26)),
        *(sa.column(name, UtcDateTime(timezone=True)) for name in ("at", "edited_at", "thanked_at", "removed_at")),
    )


def _foreign_keys() -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([f"{one}_id"], [f"{one}.id"], name=op.f(f"fk_ask_answer_{one}_id"), ondelete="CASCADE")
        for one in ("ask", "recommendation", "member")
    ]


def _create_new() -> None:
    op.create_table(
        "ask_answer",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("ask_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recommendation_id", sa.String(length=26), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("thanked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("text <> '' OR recommendation_id IS NOT NULL", name=op.f("ck_ask_answer_says_something")),
        *_foreign_keys(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask_answer")),
    )
    op.create_index("ix_ask_answer_ask_id_id", "ask_answer", ["ask_id", "id"], unique=False)
    _index_others()
    there, thanked = sa.text("removed_at IS NULL"), sa.text("thanked_at IS NOT NULL")
    op.create_index(
        "uq_ask_answer_standing",
        "ask_answer",
        ["ask_id", "recommendation_id"],
        unique=True,
        sqlite_where=there,
        postgresql_where=there,
    )
    op.create_index(
        "uq_ask_answer_thanked",
        "ask_answer",
        ["ask_id"],
        unique=True,
        sqlite_where=thanked,
        postgresql_where=thanked,
    )


def _create_old() -> None:
    op.create_table(
        "ask_answer",
        sa.Column("ask_id", sa.String(length=26), nullable=False),
        sa.Column("recommendation_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        *_foreign_keys(),
        sa.PrimaryKeyConstraint("ask_id", "recommendation_id", name=op.f("pk_ask_answer")),
    )
    _index_others()


def _index_others() -> None:
    for column in ("recommendation_id", "member_id"):
        op.create_index(op.f(f"ix_ask_answer_{column}"), "ask_answer", [column], unique=False)
