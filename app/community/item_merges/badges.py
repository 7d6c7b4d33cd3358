"""Numbers in the page frame."""

from __future__ import annotations

from app.community.item_merges.queries import waiting

BADGES = {"merges": waiting}
