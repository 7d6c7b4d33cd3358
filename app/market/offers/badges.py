"""Numbers in the page frame."""

from __future__ import annotations

from app.market.offers.queries import to_answer

BADGES = {"offers": to_answer}
