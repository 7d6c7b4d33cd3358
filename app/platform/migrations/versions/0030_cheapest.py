"""The cheapest listings come from an index, however many there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_PRICED, _UNPRICED = "ix_listing_priced", "ix_listing_unpriced"


def upgrade() -> None:
    priced, unpriced = sa.text("price_minor IS NOT NULL"), sa.text("price_minor IS NULL")
    columns = ["status", "currency", "price_minor", sa.text("id DESC")]
    op.create_index(_PRICED, "listing", columns, sqlite_where=priced, postgresql_where=priced)
    op.create_index(_UNPRICED, "listing", ["status", "id"], sqlite_where=unpriced, postgresql_where=unpriced)


def downgrade() -> None:
    op.drop_index(_UNPRICED, table_name="listing")
    op.drop_index(_PRICED, table_name="listing")
