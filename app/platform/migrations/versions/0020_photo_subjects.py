"""A photo says to which one thing it belongs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_photo = sa.table(
    "photo",
    sa.column("id", sa.String()),
    sa.column("subject_kind", sa.String()),
    sa.column("subject_id", sa.String()),
)


def upgrade() -> None:
    op.add_column("photo", sa.Column("subject_kind", sa.String(length=20)))
    op.add_column("photo", sa.Column("subject_id", sa.String(length=40)))
    # Stand-ins for listings show the listing's photo; it stays the listing's.
    for kind, table, column, photo in (
        ("message", "message_photo", "message_id", "photo_id"),
        ("listing", "listing_photo", "listing_id", "photo_id"),
        ("recommendation", "recommendation_photo", "recommendation_id", "photo_id"),
        ("member", "member", "id", "avatar_id"),
        ("item", "item", "id", "photo_id"),
    ):
        things = sa.table(table, sa.column(column), sa.column(photo, sa.String()))
        thing = (
            sa.select(sa.func.min(sa.cast(things.c[column], sa.String())))
            .where(things.c[photo] == _photo.c.id)
            .scalar_subquery()
        )
        op.execute(
            sa.update(_photo)
            .where(_photo.c.subject_id.is_(None), sa.exists().where(things.c[photo] == _photo.c.id))
            .values(subject_kind=kind, subject_id=thing)
        )


def downgrade() -> None:
    op.drop_column("photo", "subject_id")
    op.drop_column("photo", "subject_kind")
