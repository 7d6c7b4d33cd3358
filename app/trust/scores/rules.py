"""How many vouches a member may have open: decisions on plain values."""

from __future__ import annotations

from app.trust.scores.values import Rank
from graph.standing import Budget, budget

# Before reputation was ever computed nobody has a standing to grow with; then everybody counts
# as somebody with so many times the mean.
UNKNOWN = 15.0


def budget_for(rank: Rank) -> Budget:
    """The library's rule: everybody may give a few, and more with each doubling of the standing."""
    if not rank.known:
        return budget(UNKNOWN, 1)
    return budget(rank.score, rank.members)
