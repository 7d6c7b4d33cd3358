"""What happens to requests for an introduction."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import IntroductionId, MemberId


@dataclass(frozen=True, kw_only=True)
class IntroductionCame(Event):
    """It is the member's turn; `from_id` has asked or passed it on."""

    introduction_id: IntroductionId
    member_id: MemberId
    from_id: MemberId


@dataclass(frozen=True, kw_only=True)
class IntroductionAccepted(Event):
    """The two are introduced."""

    introduction_id: IntroductionId
    asker_id: MemberId
    target_id: MemberId


@dataclass(frozen=True, kw_only=True)
class IntroductionThanked(Event):
    """The asker thanks who has helped."""

    introduction_id: IntroductionId
    asker_id: MemberId
