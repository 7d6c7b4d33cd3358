"""Numbers in the page frame."""

from __future__ import annotations

from app.market.orders.queries import to_confirm

BADGES = {"orders": to_confirm}
