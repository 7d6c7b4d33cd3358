"""Numbers in the page frame."""

from __future__ import annotations

from app.moderation.merges.queries import everything_waiting

BADGES = {"queue": everything_waiting}
