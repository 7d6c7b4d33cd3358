"""Numbers in the page frame."""

from __future__ import annotations

from app.community.questions.queries import new_badge

BADGES = {"asks": new_badge}
