"""Photos of what was ordered are kept by the order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept = op.create_table(
        "order_photo",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("photo_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["market_order.id"], name=op.f("fk_order_photo_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_order_photo_photo_id")),
        sa.PrimaryKeyConstraint("order_id", "photo_id", name=op.f("pk_order_photo")),
    )
    op.create_index(op.f("ix_order_photo_photo_id"), "order_photo", ["photo_id"])
    _keep_what_was_ordered(kept)


def _keep_what_was_ordered(kept: sa.Table) -> None:
    bind = op.get_bind()
    orders = sa.table("market_order", sa.column("id", sa.String), sa.column("snapshot", sa.JSON))
    photo = sa.table("photo", sa.column("id", sa.String))
    there = set(bind.scalars(sa.select(photo.c.id)))
    rows = bind.execute(sa.select(orders.c.id, orders.c.snapshot))
    wanted = [
        {"order_id": row.id, "photo_id": one}
        for row in rows
        for one in dict.fromkeys(row.snapshot.get("photo_ids", ()))
        if one in there
    ]
    for start in range(0, len(wanted), 1000):
        bind.execute(kept.insert(), wanted[start : start + 1000])


def downgrade() -> None:
    op.drop_table("order_photo")
