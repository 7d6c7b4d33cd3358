"""The one table of what may happen in a case: who does it, from where to where, and until when.

Pages, API, jobs and the picture in the documentation are drawn from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.kernel.errors import N_, Conflict, Invalid
from app.kernel.ids import MemberId
from app.kernel.money import Money
from app.market.cases.values import (
    ENDS,
    MAX_STEPS,
    CaseAction,
    CaseRole,
    CaseState,
    CaseWant,
    CaseWay,
    Doable,
    Terms,
)
from app.payments.escrow.values import Paid, PaymentFacts

# So long an answer is waited for before whoever has opened the case may turn to a moderator.
PATIENCE: Final = timedelta(days=7)


class NotNow(Conflict):
    """The case is not where this can be done, or somebody else has just done something."""

    code = "not_now"

    def __init__(self) -> None:
        super().__init__(N_("This isn’t possible at this point. Look at the complaint again."))


class Part(StrEnum):
    """Who does it, seen from the case: which of the two that is, differs from case to case."""

    OPENER = "opener"
    OTHER = "other side"
    BOTH = "either side"
    ANSWERER = "whoever is asked"
    BUYER = "buyer"
    SELLER = "seller"
    FRIEND = "friend"
    MODERATOR = "moderator"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that decides what may be done."""

    state: CaseState
    opener: CaseRole
    waited: timedelta  # since it was opened
    proposed_by: CaseRole | None = None
    asked_by: CaseRole | None = None
    steps: int = 1

    @property
    def other(self) -> CaseRole:
        return CaseRole.SELLER if self.opener is CaseRole.BUYER else CaseRole.BUYER


Condition = Callable[[Situation], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A line of the table. `to` None: it stays; `settles`: where it goes the terms say (`after`)."""

    action: CaseAction
    who: Part
    at: tuple[CaseState, ...]
    to: CaseState | None = None
    needs: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    settles: bool = False


def patient(now: Situation) -> bool:
    """It has been waited for an answer long enough."""
    return now.waited >= PATIENCE


def proposed(now: Situation) -> bool:
    return now.proposed_by is not None


def has_room(now: Situation) -> bool:
    return now.steps < MAX_STEPS


_S, _A, _P = CaseState, CaseAction, Part
_WORDS: Final = ("text",)
_TERMS: Final = ("way", "amount", "quantity", "text")
_PARCEL: Final = ("carrier", "tracking")
TALKING: Final = (_S.OPEN, _S.TALK, _S.FRIEND_ASKED, _S.FRIEND_NAMED, _S.FRIEND, _S.MODERATOR)
SENDING: Final = (_S.RETURN, _S.RETURNING, _S.REPLACE, _S.REPLACING)
MOVES: Final[tuple[Move, ...]] = (
    Move(action=_A.ANSWER, who=_P.OTHER, at=(_S.OPEN,), to=_S.TALK, needs=_WORDS),
    Move(action=_A.ACCEPT, who=_P.ANSWERER, at=TALKING, when=(proposed,), settles=True),
    Move(action=_A.PROPOSE, who=_P.OTHER, at=(_S.OPEN,), to=_S.TALK, needs=_TERMS),
    Move(action=_A.PROPOSE, who=_P.BOTH, at=TALKING[1:], needs=_TERMS, when=(has_room,)),
    Move(action=_A.ASK_FRIEND, who=_P.BOTH, at=(_S.TALK,), to=_S.FRIEND_ASKED, needs=("friend",)),
    Move(action=_A.AGREE_FRIEND, who=_P.ANSWERER, at=(_S.FRIEND_ASKED,), to=_S.FRIEND_NAMED),
    Move(action=_A.REFUSE_FRIEND, who=_P.ANSWERER, at=(_S.FRIEND_ASKED,), to=_S.MODERATOR),
    Move(action=_A.TAKE_ON, who=_P.FRIEND, at=(_S.FRIEND_NAMED,), to=_S.FRIEND),
    Move(action=_A.STEP_BACK, who=_P.FRIEND, at=(_S.FRIEND_NAMED, _S.FRIEND), to=_S.MODERATOR),
    Move(action=_A.ASK_MODERATOR, who=_P.OPENER, at=(_S.OPEN,), to=_S.MODERATOR, when=(patient,)),
    Move(action=_A.ASK_MODERATOR, who=_P.BOTH, at=(_S.TALK, _S.FRIEND_ASKED), to=_S.MODERATOR),
    Move(action=_A.DECIDE, who=_P.FRIEND, at=(_S.FRIEND,), needs=_TERMS, settles=True),
    Move(action=_A.DECIDE, who=_P.MODERATOR, at=(_S.MODERATOR,), needs=_TERMS, settles=True),
    Move(action=_A.SEND_BACK, who=_P.BUYER, at=(_S.RETURN,), to=_S.RETURNING, needs=_PARCEL),
    Move(action=_A.GOT_BACK, who=_P.SELLER, at=(_S.RETURN, _S.RETURNING), to=_S.DECIDED),
    Move(action=_A.SEND_NEW, who=_P.SELLER, at=(_S.REPLACE,), to=_S.REPLACING, needs=_PARCEL),
    Move(action=_A.GOT_NEW, who=_P.BUYER, at=(_S.REPLACE, _S.REPLACING), to=_S.DECIDED),
    # What came is not what was to come.
    Move(action=_A.ASK_MODERATOR, who=_P.SELLER, at=(_S.RETURNING,), to=_S.MODERATOR, needs=_WORDS),
    Move(action=_A.ASK_MODERATOR, who=_P.BUYER, at=(_S.REPLACE, _S.REPLACING), to=_S.MODERATOR, needs=_WORDS),
    Move(action=_A.SAY, who=_P.BOTH, at=(*TALKING, *SENDING), needs=_WORDS, when=(has_room,)),
    Move(action=_A.SAY, who=_P.FRIEND, at=(_S.FRIEND,), needs=_WORDS, when=(has_room,)),
    Move(action=_A.SAY, who=_P.MODERATOR, at=(_S.MODERATOR,), needs=_WORDS, when=(has_room,)),
    Move(action=_A.WITHDRAW, who=_P.OPENER, at=TALKING, to=_S.WITHDRAWN),
    Move(action=_A.EXPIRE, who=_P.CLOCK, at=(_S.OPEN, *SENDING), to=_S.DECIDED),
    Move(action=_A.EXPIRE, who=_P.CLOCK, at=(_S.TALK, _S.FRIEND_ASKED, _S.FRIEND_NAMED, _S.FRIEND), to=_S.MODERATOR),
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a state may last, and how long before its end somebody is reminded."""

    after: timedelta
    remind: timedelta
    then: str  # for the documentation


def _days(after: int, remind: int, then: str) -> Limit:
    return Limit(timedelta(days=after), timedelta(days=remind), then)


LIMITS: Final[Mapping[CaseState, Limit]] = {
    CaseState.OPEN: _days(
        60, 7, "it ends as whoever opened it would have it: the buyer's money back, or the seller's to keep"
    ),
    CaseState.TALK: _days(30, 7, "a moderator decides"),
    CaseState.FRIEND_ASKED: _days(3, 1, "a moderator decides"),
    CaseState.FRIEND_NAMED: _days(3, 1, "a moderator decides"),
    CaseState.FRIEND: _days(14, 3, "a moderator decides"),
    CaseState.RETURN: _days(14, 3, "nothing came back: nothing is refunded"),
    CaseState.RETURNING: _days(14, 3, "it counts as received: the money goes back"),
    CaseState.REPLACE: _days(14, 3, "nothing was sent: the money goes back"),
    CaseState.REPLACING: _days(14, 3, "it counts as received: the seller keeps the money"),
}
PREFIX: Final = "case_"  # of their names among the operator's times


@lru_cache(maxsize=8)
def limits_of(changed: tuple[tuple[str, timedelta, timedelta | None], ...]) -> Mapping[CaseState, Limit]:
    """All times with what the operator has changed."""
    found = dict(LIMITS)
    for name, after, remind in changed:
        if name.startswith(PREFIX):
            state = CaseState(name.removeprefix(PREFIX))
            told = found[state].remind if remind is None else remind
            found[state] = replace(found[state], after=after, remind=told if told < after else after / 2)
    return found


def allowed(now: Situation, who: CaseRole) -> list[Move]:
    """What `who` may do now, in the order of the table."""
    return [
        move
        for move in MOVES
        if now.state in move.at and who in _people(now, move) and all(holds(now) for holds in move.when)
    ]


def move_for(now: Situation, who: CaseRole, action: CaseAction) -> Move:
    """The line of the table for it; raises `NotNow`."""
    for move in allowed(now, who):
        if move.action is action:
            return move
    raise NotNow


def doable(now: Situation, who: CaseRole, until: datetime | None) -> list[Doable]:
    """What pages and the API offer."""
    return [Doable(action=move.action, who=who, needs=move.needs, until=until) for move in allowed(now, who)]


def waits_for(now: Situation) -> tuple[CaseRole, ...]:
    """Who has to do something for the case to go on."""
    match now.state:
        case CaseState.OPEN:
            return (now.other,)
        case CaseState.TALK:
            return _but(now.proposed_by)
        case CaseState.FRIEND_ASKED:
            return _but(now.asked_by)
        case CaseState.FRIEND_NAMED | CaseState.FRIEND:
            return (CaseRole.FRIEND,)
        case CaseState.MODERATOR:
            return (CaseRole.MODERATOR,)
        case CaseState.RETURN | CaseState.REPLACING:
            return (CaseRole.BUYER,)
        case CaseState.RETURNING | CaseState.REPLACE:
            return (CaseRole.SELLER,)
        case _:
            return ()


def after(terms: Terms) -> CaseState:
    """Where a case goes that is settled so."""
    return {CaseWay.RETURN: CaseState.RETURN, CaseWay.REPLACE: CaseState.REPLACE}.get(terms.way, CaseState.DECIDED)


def ways(*, sent: bool) -> tuple[CaseWay, ...]:
    """How it can be settled: what was never sent can neither come back nor be replaced."""
    return (CaseWay.MONEY, CaseWay.RETURN, CaseWay.REPLACE) if sent else (CaseWay.MONEY, CaseWay.GO_ON)


def check_terms(way: str, amount: Money | None, quantity: int | None, *, of: Money, pieces: int, sent: bool) -> Terms:
    """What was typed, as terms; raises `Invalid` for what nobody can agree to."""
    if way not in ways(sent=sent):
        raise Invalid("Choose a solution.", code="bad_way")
    chosen, nothing = CaseWay(way), replace(of, minor=0)
    if chosen is CaseWay.GO_ON:
        return Terms(chosen, nothing)
    if chosen is CaseWay.REPLACE:
        return Terms(chosen, of)
    if quantity is not None and not 1 <= quantity <= pieces:
        raise Invalid("Choose how many, up to %(num)s.", code="bad_quantity", num=pieces)
    if chosen is CaseWay.RETURN:
        back = quantity or pieces
        amount = amount if amount is not None else of.allocate([back, pieces - back])[0]
        quantity = back if pieces > 1 else None
    else:
        quantity = None
    if amount is None:
        raise Invalid("Enter an amount.", code="amount_missing")
    if amount.currency != of.currency or not nothing <= amount <= of:
        raise Invalid("Enter an amount from 0 up to what was paid.", code="bad_amount")
    return Terms(chosen, amount, quantity)


def wants(side: CaseRole, *, sent: bool) -> tuple[CaseWant, ...]:
    """What somebody can hope for who opens a case."""
    if side is CaseRole.SELLER:
        return (CaseWant.KEEP, CaseWant.PART, CaseWant.RETURN)
    return (
        (CaseWant.REFUND, CaseWant.PART, CaseWant.RETURN, CaseWant.REPLACEMENT)
        if sent
        else (CaseWant.DELIVERY, CaseWant.REFUND)
    )


def check_want(want: str, amount: Money | None, side: CaseRole, *, of: Money, sent: bool) -> tuple[CaseWant, Terms]:
    """What is hoped for, as the first proposal; raises `Invalid`."""
    if want not in wants(side, sent=sent):
        raise Invalid("Choose what would put it right.", code="bad_want")
    chosen, nothing = CaseWant(want), replace(of, minor=0)
    if chosen is CaseWant.PART:
        if amount is None:
            raise Invalid("Enter an amount.", code="amount_missing")
        if not nothing < amount < of:
            raise Invalid("Enter an amount above 0 and below what was paid.", code="bad_amount")
        return chosen, Terms(CaseWay.MONEY, amount)
    terms = {
        CaseWant.REFUND: Terms(CaseWay.MONEY, of),
        CaseWant.KEEP: Terms(CaseWay.MONEY, nothing),
        CaseWant.RETURN: Terms(CaseWay.RETURN, of),
        CaseWant.REPLACEMENT: Terms(CaseWay.REPLACE, of),
        CaseWant.DELIVERY: Terms(CaseWay.GO_ON, nothing),
    }
    return chosen, terms[chosen]


def outcome_of_time(now: Situation, agreed: Terms | None, at_stake: Money) -> Terms:
    """How a case ends that nobody has ended in time."""
    nothing = replace(at_stake, minor=0)
    if agreed is not None:
        kept = agreed.to_buyer if now.state in (CaseState.RETURNING, CaseState.REPLACE) else nothing
        return replace(agreed, to_buyer=kept)
    return Terms(CaseWay.MONEY, at_stake if now.opener is CaseRole.BUYER else nothing)


def outcome_of_parcel(action: CaseAction, agreed: Terms) -> Terms:
    """How a case ends whose parcel has come: what came back is paid for, what came anew is kept."""
    return agreed if action is CaseAction.GOT_BACK else replace(agreed, to_buyer=replace(agreed.to_buyer, minor=0))


def friends_in_common(
    buyers: Mapping[MemberId, float], sellers: Mapping[MemberId, float], but: Sequence[MemberId], most: int
) -> list[tuple[MemberId, float]]:
    """Whom both trust, by the smaller of the two scores, the most trusted first: no side can push somebody in."""
    shared = [(one, min(score, sellers[one])) for one, score in buyers.items() if sellers.get(one, 0) > 0 < score]
    shared = [(one, score) for one, score in shared if one not in but]
    return sorted(shared, key=lambda one: (-one[1], one[0]))[:most]


def at_stake_of(payment: PaymentFacts | None, total: Money) -> Money:
    """What can be divided: what was paid or is said to be, less what went back already."""
    if payment is None or not (payment.paid is Paid.FULL or payment.buyer_said_at is not None):
        return replace(total, minor=0)
    return payment.total - payment.refunded - payment.refund_due


def is_over(state: CaseState) -> bool:
    return state in ENDS


def _people(now: Situation, move: Move) -> tuple[CaseRole, ...]:
    match move.who:
        case Part.OPENER:
            return (now.opener,)
        case Part.OTHER:
            return (now.other,)
        case Part.BOTH:
            return (CaseRole.BUYER, CaseRole.SELLER)
        case Part.ANSWERER:
            asker = now.proposed_by if move.action is CaseAction.ACCEPT else now.asked_by
            return _but(asker)
        case part:
            return (CaseRole(part.value),)


def _but(who: CaseRole | None) -> tuple[CaseRole, ...]:
    return tuple(one for one in (CaseRole.BUYER, CaseRole.SELLER) if one is not who)
