"""Numbers in the page frame."""

from __future__ import annotations

from app.moderation.held_messages.queries import held_badge

BADGES = {"held": held_badge}
