"""Numbers in the page frame."""

from __future__ import annotations

from app.market.cases.queries import queued

BADGES = {"order_cases": queued}
