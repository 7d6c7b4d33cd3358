"""Numbers in the page frame."""

from __future__ import annotations

from app.messaging.introductions.queries import waiting_number

BADGES = {"introductions": waiting_number}
