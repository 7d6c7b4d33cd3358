"""How endorsements are ordered."""

from __future__ import annotations

from app.community.recommendations.values import Disclosure


def rank(score: float, disclosure: str, member_id: int) -> tuple[bool, float, int]:
    """A sort key, best first: what was paid for or gifted never ranks as what was not."""
    return disclosure != Disclosure.NONE, -score, member_id
