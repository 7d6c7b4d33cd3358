"""What happens to the community's reputation."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId, RunId


@dataclass(frozen=True, kw_only=True)
class SeedNamed(Event):
    """The operator trusts this member to begin with."""

    member_id: MemberId
    operator_id: MemberId | None


@dataclass(frozen=True, kw_only=True)
class SeedDropped(Event):
    """Not any more."""

    member_id: MemberId
    operator_id: MemberId | None


@dataclass(frozen=True, kw_only=True)
class ReputationComputed(Event):
    """Everybody's standing is new."""

    run_id: RunId
    members: int
    certified: int
