"""Signs of fraud in what somebody writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Past this a message waits for a moderator; from people one trusts more is needed.
HOLD_STRANGER: Final = 7
HOLD_TRUSTED: Final = 12


class FraudSignal(StrEnum):
    """What a reader is told to look at twice."""

    LINK = "link"
    SHORT_LINK = "short_link"
    LOOKALIKE = "lookalike"
    DISGUISED = "disguised"
    PAY_OUTSIDE = "pay_outside"
    UNTRACEABLE = "untraceable"
    PHONE = "phone"
    ACCOUNT = "account"
    SECRET = "secret"  # noqa: S105 - the name of a sign
    ELSEWHERE = "elsewhere"
    MIXED_LETTERS = "mixed_letters"


# How much each says, of a stranger and of somebody the reader trusts.
WEIGHTS: Final = {
    FraudSignal.LINK: (2, 0),
    FraudSignal.SHORT_LINK: (3, 1),
    FraudSignal.LOOKALIKE: (6, 5),
    FraudSignal.DISGUISED: (6, 5),
    FraudSignal.PAY_OUTSIDE: (3, 1),
    FraudSignal.UNTRACEABLE: (5, 3),
    FraudSignal.PHONE: (1, 0),
    FraudSignal.ACCOUNT: (3, 1),
    FraudSignal.SECRET: (5, 4),
    FraudSignal.ELSEWHERE: (2, 0),
    FraudSignal.MIXED_LETTERS: (3, 2),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The signs seen, how much they weigh together, and whether somebody must look first."""

    signs: tuple[FraudSignal, ...]
    score: int
    hold: bool
