"""Windows of the market and of the feed come from an index, however much there is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_NEW = (
    ("listing", ("status", "kind", "id")),
    ("listing", ("status", "created_at", "id")),
    ("listing", ("seller_id", "status", "created_at", "id")),
    ("recommendation", ("member_id", "updated_at", "id", "removed_at")),
    ("recommendation", ("updated_at", "id")),
    ("recommendation", ("item_id", "stance", "updated_at", "id")),
)
_OLD = (
    ("listing", ("seller_id",)),
    ("recommendation", ("updated_at",)),
)


_HIDDEN = "ix_search_document_hidden_until"


def upgrade() -> None:
    _change(_OLD, _NEW)
    few = sa.text("hidden_until IS NOT NULL")
    op.create_index(_HIDDEN, "search_document", ["hidden_until"], sqlite_where=few, postgresql_where=few)


def downgrade() -> None:
    op.drop_index(_HIDDEN, table_name="search_document")
    _change(_NEW, _OLD)


def _change(old: tuple[tuple[str, tuple[str, ...]], ...], new: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    for table, columns in new:
        op.create_index(_name(table, columns), table, list(columns))
    for table, columns in old:
        op.drop_index(_name(table, columns), table_name=table)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"
