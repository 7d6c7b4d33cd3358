"""Numbers in the page frame."""

from __future__ import annotations

from app.moderation.rings.queries import open_rings

BADGES = {"rings": open_rings}
