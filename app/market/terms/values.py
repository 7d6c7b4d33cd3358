"""On which terms a seller deals with whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.kernel.money import Money
from app.people.profiles.values import MemberCard

MAX_STEPS: Final = 3
MAX_WAYS: Final = 5
PERCENTS: Final = (10, 20, 30, 50)


class Beyond(StrEnum):
    """What is asked of people who are farther away than the seller likes."""

    NOTHING = "nothing"
    DEPOSIT = "deposit"
    PREPAY = "prepay"


class Near(StrEnum):
    """How the seller knows the buyer."""

    NEAR = "near"
    BEYOND = "beyond"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a seller has chosen: whoever is at most so many steps away, or known by so many ways, pays at the meeting.

    `ways` 0: only the steps count. `verified`: people to whom no way leads need a confirmed address.
    """

    steps: int = 2
    ways: int = 2
    beyond: Beyond = Beyond.DEPOSIT
    percent: int = 20
    verified: bool = True


DEFAULT: Final = Choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds between one seller and one buyer, and by what: for whoever shows why."""

    near: Near
    distance: int | None
    ways: int
    percent: int = 0  # of the price, as a deposit before the meeting
    in_person: bool = True  # whether it can be paid at the meeting
    verified: bool = False  # whether a confirmed address is needed
    ways_missing: int | None = None  # so many more and nothing is asked; none: that would change nothing

    @property
    def strict(self) -> bool:
        """Whether something is asked that is not asked of others."""
        return bool(self.percent) or not self.in_person or self.verified


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsView:
    """As a page tells the buyer; a link that is not named is None."""

    terms: Terms
    seller: MemberCard
    through: tuple[MemberCard | None, ...]
    deposit: Money | None
    contact_missing: bool
