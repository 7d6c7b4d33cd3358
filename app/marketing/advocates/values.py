"""Advocates and what they brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel.ids import AdvocateId, MemberId, StoreId
from app.people.profiles.values import MemberCard

# Who did not agree to be seen is counted only among at least so many.
MIN_IN_AGGREGATE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Advocate:
    """A member who speaks for a store, with the code of their link."""

    id: AdvocateId
    store_id: StoreId
    member_id: MemberId
    code: str
    named: bool
    joined_at: datetime

    @property
    def path(self) -> str:
        return f"/r/{self.code}"


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of it."""

    visits: int = 0
    signups: int = 0
    recommendations: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.visits + other.visits,
            self.signups + other.signups,
            self.recommendations + other.recommendations,
        )


@dataclass(frozen=True, slots=True)
class AdvocateRow:
    """One advocate who agreed to be seen."""

    member: MemberCard
    tally: Tally


@dataclass(frozen=True, slots=True)
class AdvocateReport:
    """Named ones one by one; the others together, or not at all while they are few."""

    named: tuple[AdvocateRow, ...]
    unnamed: int
    unnamed_tally: Tally | None
    total: Tally
