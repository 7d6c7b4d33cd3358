"""Numbers in the page frame."""

from __future__ import annotations

from app.notifications.delivery.queries import parked_badge

BADGES = {"unsent": parked_badge}
