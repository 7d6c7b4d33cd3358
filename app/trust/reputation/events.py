"""What happens to the community's reputation."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SeedNamed(Event):
    """The operator trusts this member to begin with."""

    member_id: int
    operator_id: int | None


@dataclass(frozen=True, kw_only=True)
class SeedDropped(Event):
    """Not any more."""

    member_id: int
    operator_id: int | None


@dataclass(frozen=True, kw_only=True)
class ReputationComputed(Event):
    """Everybody's standing is new."""

    run_id: int
    members: int
    certified: int
