"""Reputation as the operator's page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel.ids import RunId
from app.people.profiles.values import MemberCard


@dataclass(frozen=True, slots=True)
class Seed:
    """Somebody from whom reputation flows."""

    member: MemberCard
    named_by: MemberCard | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One computation, under way or over."""

    id: RunId
    started_at: datetime
    finished_at: datetime | None
    percent: int
    members: int
    certified: int
    problem: str | None

    @property
    def running(self) -> bool:
        return self.finished_at is None


@dataclass(frozen=True, slots=True)
class Standings:
    """One of the highest standings."""

    member: MemberCard
    score: float


@dataclass(frozen=True, slots=True)
class Desk:
    """All of the operator's page."""

    seeds: tuple[Seed, ...]
    run: Run | None
    top: tuple[Standings, ...]
