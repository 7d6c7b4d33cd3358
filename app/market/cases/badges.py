"""Numbers in the page frame."""

from __future__ import annotations

from app.market.cases.queries import waiting

BADGES = {"cases": waiting}
