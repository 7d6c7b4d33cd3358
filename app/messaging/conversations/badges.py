"""Numbers in the page frame."""

from __future__ import annotations

from app.messaging.conversations.queries import unread_badge

BADGES = {"messages": unread_badge}
