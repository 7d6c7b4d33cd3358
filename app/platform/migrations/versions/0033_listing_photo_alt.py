"""What is to be seen on a listing's photo, in the seller's words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listing_photo", sa.Column("alt", sa.String(200), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("listing_photo", "alt")
