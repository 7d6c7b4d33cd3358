"""Numbers in the page frame."""

from __future__ import annotations

from app.notifications.inbox.queries import unread_badge

BADGES = {"notifications": unread_badge}
