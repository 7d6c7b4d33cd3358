"""Numbers in the page frame."""

from __future__ import annotations

from app.merchants.carts.queries import in_cart

BADGES = {"cart": in_cart}
