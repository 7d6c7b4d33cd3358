"""What of a member's standing others need."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rank:
    """A member's share of the seeds' trust, and among how many it is shared."""

    score: float
    members: int  # 0: reputation was never computed here

    @property
    def known(self) -> bool:
        return self.members > 0
