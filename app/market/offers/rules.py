"""How two people come to a price: who may say what, between which amounts, and what is on the table then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final

from app.kernel.errors import N_, Conflict, Invalid
from app.kernel.money import HIGHEST_MINOR, Money
from app.market.offers.values import MAX_BIDS, Side, State, Verb

PEOPLE: Final = (Side.BUYER, Side.SELLER)
TAKEN: Final = {Verb.DECLINE: State.DECLINED, Verb.WITHDRAW: State.WITHDRAWN}
_OTHER: Final = {Side.BUYER: Side.SELLER, Side.SELLER: Side.BUYER}


class OfferOver(Conflict):
    """It was answered, or something else was said meanwhile."""

    code = "offer_changed"

    def __init__(self) -> None:
        super().__init__(N_("This offer has changed in the meantime. Look at it again."))


@dataclass(frozen=True, slots=True)
class Bid:
    """An amount that somebody has said; `parent` is what it answers."""

    seq: int
    side: Side
    minor: int
    parent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where two people stand: `bids` lie on top of each other, the last is the one to be answered."""

    state: State
    asked: Money
    bids: Sequence[Bid]

    @property
    def top(self) -> Bid:
        return self.bids[-1]

    @property
    def waits_for(self) -> Side | None:
        return _OTHER[self.top.side] if self.state is State.OPEN else None

    def last_of(self, side: Side) -> Bid | None:
        """What the side has said last of what still stands."""
        return next((one for one in reversed(self.bids) if one.side is side), None)


def standing(bids: Mapping[int, Bid], top: int) -> list[Bid]:
    """The bids that still stand, from the first to the one on the table."""
    found: list[Bid] = []
    at: int | None = top
    while at is not None:
        found.append(bids[at])
        at = bids[at].parent
    return found[::-1]


def fates(steps: Sequence[tuple[int, Verb]], state: State) -> dict[int, str]:
    """What has become of each bid, by its number: `countered`, `open`, or a state."""
    lying: list[int] = []
    found: dict[int, str] = {}
    for seq, verb in steps:
        if verb in {Verb.MAKE, Verb.COUNTER}:
            lying.append(seq)
        elif verb in TAKEN and lying:
            found[lying.pop()] = TAKEN[verb].value
    found |= dict.fromkeys(lying[:-1], "countered")
    if lying:
        found[lying[-1]] = state.value
    return found


def allowed(table: Table, side: Side) -> list[Verb]:
    """What the side can do now."""
    if table.state is not State.OPEN or side not in PEOPLE:
        return []
    if table.top.side is side:
        return [Verb.WITHDRAW]
    counter = [Verb.COUNTER] if len(table.bids) < MAX_BIDS and _room(table) else []
    return [Verb.ACCEPT, *counter, Verb.DECLINE]


def check(table: Table, side: Side, verb: Verb, seen: int | None) -> None:
    """Raises unless the side may do this with the bid that it has `seen` (None: whatever is on the table)."""
    if seen is not None and seen != table.top.seq:
        raise OfferOver
    if verb not in allowed(table, side):
        raise OfferOver


def check_first(amount: Money, asked: Money) -> None:
    """A first bid is something, and below the price."""
    _in_range(amount)
    if amount >= asked:
        raise Invalid("This isn’t below the price. You can buy it for %(price)s.", code="above_price", price=asked)


def check_counter(table: Table, amount: Money) -> None:
    """A counter-offer lies between what the two have said: so they come nearer with each."""
    _in_range(amount)
    low, high = _bounds(table)
    if not low.minor < amount.minor < high.minor:
        raise Invalid(
            "Enter an amount between %(low)s and %(high)s, without these two.",
            code="not_between",
            low=low,
            high=high,
        )


def accepts_at_once(table: Table, accept_from: Money | None) -> bool:
    """Whether the seller has said yes beforehand: to what they themselves said last, else from `accept_from` on."""
    said = table.last_of(Side.SELLER)
    if table.state is not State.OPEN or table.top.side is not Side.BUYER:
        return False
    if said is not None:
        return table.top.minor >= said.minor
    return accept_from is not None and table.top.minor >= accept_from.minor


def left_after(table: Table, verb: Verb) -> Bid | None:
    """What is on the table again when a bid is declined or withdrawn; None: nothing, it is over."""
    if verb not in {Verb.DECLINE, Verb.WITHDRAW}:
        raise ValueError(verb)
    return table.bids[-2] if len(table.bids) > 1 else None


def amount_of(typed: str, currency: str | None, asked: Money) -> Money:
    """What was typed, in the currency of the thing."""
    if currency is not None and currency != asked.currency:
        raise Invalid("Enter the amount in %(currency)s.", code="wrong_currency", currency=asked.currency)
    if not typed.strip():
        raise Invalid("Enter an amount.", code="bad_amount")
    return Money.parse(typed, asked.currency)


def _in_range(amount: Money) -> None:
    if not 0 < amount.minor < HIGHEST_MINOR:
        raise Invalid("Enter an amount above 0.", code="bad_amount")


def _bounds(table: Table) -> tuple[Money, Money]:
    buyer, seller = table.last_of(Side.BUYER), table.last_of(Side.SELLER)
    currency = table.asked.currency
    low = Money(buyer.minor if buyer else 0, currency)
    return low, Money(seller.minor, currency) if seller else table.asked


def _room(table: Table) -> bool:
    low, high = _bounds(table)
    return high.minor - low.minor > 1


# How long an offer is open, and how long before its end whoever has to answer is reminded.
OPEN_FOR: Final = timedelta(hours=48)
REMIND_BEFORE: Final = timedelta(hours=12)
ENOUGH_SOLD: Final = 5  # things alike, from which on one may go by them


@lru_cache(maxsize=8)
def times_of(changed: tuple[tuple[str, timedelta, timedelta | None], ...]) -> tuple[timedelta, timedelta]:
    """How long, and the reminder before the end, with what the operator has changed (`offer=72h/6h`)."""
    after, remind = OPEN_FOR, REMIND_BEFORE
    for name, new_after, new_remind in changed:
        if name == "offer":
            after = new_after
            remind = remind if new_remind is None else new_remind
    return after, remind if remind < after else after / 2


def suggested(asked: Money, sold: Sequence[int] = ()) -> Money | None:
    """An amount that a buyer may begin with: nine tenths of the price, or what things alike were sold for.

    `sold`: in minor units, of things alike; a few say nothing. Never below half the price, always below the
    price, and a round number. None where no round number is left.
    """
    like = sorted(sold)[len(sold) // 2] if len(sold) >= ENOUGH_SOLD else None
    nine = asked.minor * 9 // 10
    wanted = nine if like is None else max(asked.minor // 2, min(like, asked.minor * 19 // 20))
    found = _round(wanted)
    return Money(found, asked.currency) if 0 < found < asked.minor else None


def _round(minor: int) -> int:
    """Down to a number that people say, less than a twentieth below."""
    steps = [factor * 10**power for power in range(15) for factor in (1, 5)]
    step = max((one for one in steps if one * 20 <= minor), default=1)
    return minor // step * step
