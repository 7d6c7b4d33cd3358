"""Numbers in the page frame."""

from __future__ import annotations

from app.market.guarantees.queries import to_answer

BADGES = {"guarantees": to_answer}
