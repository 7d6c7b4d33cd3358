"""What a store says of a purchase needs the buyer's yes.

Nobody has confirmed anything so far: only what the operator recorded stays in force, all else asks the
buyer, and marks without other evidence go.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_evidence = sa.table(
    "purchase_evidence",
    sa.column("member_id", sa.Integer()),
    sa.column("item_id", sa.String()),
    sa.column("occasion", sa.String()),
    sa.column("recorded_at", UtcDateTime(timezone=True)),
    sa.column("withdrawn_at", UtcDateTime(timezone=True)),
    sa.column("state", sa.String()),
)
_said = sa.table(
    "recommendation",
    sa.column("member_id", sa.Integer()),
    sa.column("item_id", sa.String()),
    sa.column("verified_purchase", sa.Boolean()),
)


def upgrade() -> None:
    op.add_column(
        "purchase_evidence", sa.Column("state", sa.String(length=10), server_default="claimed", nullable=False)
    )
    op.add_column("purchase_evidence", sa.Column("answered_at", UtcDateTime(timezone=True)))
    op.execute(sa.update(_evidence).where(_evidence.c.occasion == "operator").values(state="stands"))
    standing = sa.exists().where(
        _evidence.c.member_id == _said.c.member_id,
        _evidence.c.item_id == _said.c.item_id,
        _evidence.c.withdrawn_at.is_(None),
        _evidence.c.state == "stands",
    )
    op.execute(
        sa.update(_said).where(_said.c.verified_purchase.is_(sa.true()), ~standing).values(verified_purchase=False)
    )


def downgrade() -> None:
    # The older program takes whatever is not withdrawn for true.
    op.execute(
        sa.update(_evidence)
        .where(_evidence.c.state.in_(["claimed", "declined"]), _evidence.c.withdrawn_at.is_(None))
        .values(withdrawn_at=_evidence.c.recorded_at)
    )
    op.drop_column("purchase_evidence", "answered_at")
    op.drop_column("purchase_evidence", "state")
