"""What an import leaves in the log: one event, so that nobody is notified or rewarded by it."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CommunityImported(Event):
    """Members, items, recommendations and trust came in bulk; projections look anew."""

    members: int
    items: int
    recommendations: int
    trust: int
