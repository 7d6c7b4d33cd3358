"""Prices in the search keep their currency; by which folding its documents were made."""

from __future__ import annotations

from urllib.parse import urlencode

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_PRICES = """
UPDATE search_document SET
    price_minor = (SELECT CASE WHEN listing.kind = 'give' THEN 0 ELSE listing.price_minor END
                   FROM listing WHERE listing.id = search_document.ref),
    currency = (SELECT CASE WHEN listing.kind = 'give' OR listing.price_minor IS NULL THEN NULL ELSE listing.currency END
                FROM listing WHERE listing.id = search_document.ref)
WHERE kind = 'listing'"""
_CENTS = """
UPDATE search_document SET cents =
    CASE WHEN currency IN ('JPY', 'KRW', 'ISK') THEN price_minor * 100 ELSE price_minor END"""


def upgrade() -> None:
    op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folding", sa.String(80), nullable=False),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_state")),
    )
    op.add_column(
        "search_document", sa.Column("price_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.add_column("search_document", sa.Column("currency", sa.String(3), nullable=True))
    op.execute(_PRICES)
    op.drop_column("search_document", "cents")
    _give_saved_searches_a_currency(op.get_bind())


def downgrade() -> None:
    op.add_column(
        "search_document", sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.execute(_CENTS)
    op.drop_column("search_document", "currency")
    op.drop_column("search_document", "price_minor")
    op.drop_table("search_state")


def _give_saved_searches_a_currency(bind: sa.Connection) -> None:
    """The one that its member last offered something for, else euros: prices are compared within it."""
    kept = sa.table(
        "saved_search", sa.column("id"), sa.column("member_id"), sa.column("address"), sa.column("asked", sa.JSON())
    )
    listing = sa.table("listing", sa.column("id"), sa.column("seller_id"), sa.column("currency"))
    for row in bind.execute(sa.select(kept)).all():
        if not row.asked.get("max_price") or row.asked.get("currency"):
            continue
        latest = sa.select(listing.c.currency).where(listing.c.seller_id == row.member_id)
        currency = bind.scalar(latest.order_by(listing.c.id.desc()).limit(1)) or "EUR"
        changed = sa.update(kept).where(kept.c.id == row.id)
        asked = {**row.asked, "currency": currency}
        bind.execute(changed.values(asked=asked, address=urlencode(sorted(asked.items()))))
