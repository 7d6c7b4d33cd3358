"""JSON's null in a column that may be empty becomes SQL's NULL."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    found = sa.inspect(bind)
    for table in found.get_table_names():
        for column in found.get_columns(table):
            if isinstance(column["type"], sa.JSON) and column["nullable"]:
                value = sa.column(column["name"], sa.String())
                bind.execute(
                    sa.update(sa.table(table, value))
                    .where(sa.cast(value, sa.Text()) == "null")
                    .values({column["name"]: sa.null()})
                )


def downgrade() -> None:
    """NULL was good before, too."""
