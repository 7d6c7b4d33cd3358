"""What may be posted: pure decisions on accounts and legs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.kernel.errors import Conflict, Invalid
from app.kernel.money import HIGHEST_MINOR, Money, digits
from app.payments.ledger.values import HOUSE, MAX_KEY_LENGTH, MAX_LEGS, AccountKind, AccountRef, Leg, Movement

# Of a seller whose buyer gets money back after the payout: so much may be owed to the house, in major units.
OVERDRAFT_MAJOR: Final = 200
# Far above all the money there is, far below what a column takes.
_HIGHEST_BALANCE: Final = 1000 * HIGHEST_MINOR
# The provider or the operator has moved it already: the ledger says so whatever the account holds.
_HAS_HAPPENED: Final = frozenset({Movement.CHARGEBACK, Movement.CORRECTION})
_GIVES_BACK: Final = frozenset({Movement.REFUND, Movement.COMMISSION_REFUND})
_LIMITED: Final = frozenset({AccountKind.ESCROW, AccountKind.PAYABLE})


@dataclass(slots=True)
class Standing:
    """An account as it is while a transaction is reckoned out, in minor units."""

    kind: AccountKind
    overdraft: int
    balance: int
    held: int
    coming: int


def check_legs(legs: Sequence[Leg], key: str) -> None:
    """Refuse what is no transaction at all, before any account is looked at."""
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise Invalid("a posting needs a key of at most 120 characters", code="bad_key")
    if not 0 < len(legs) <= MAX_LEGS:
        raise Invalid("a transaction has between 1 and 100 legs", code="bad_legs")
    for leg in legs:
        if not 0 < leg.money.minor <= HIGHEST_MINOR:
            raise Invalid("This amount is out of range.", code="bad_amount")
        if leg.debit == leg.credit:
            raise Invalid("money moves between two accounts", code="bad_legs")
        for account in (leg.debit, leg.credit):
            if (account.owner_id is None) is not (account.kind in HOUSE):
                raise Invalid("members' accounts have an owner, the house's have none", code="bad_account")


def default_overdraft(account: AccountRef, currency: str) -> int:
    """How far below zero a new account may go for a refund, in minor units."""
    return int(OVERDRAFT_MAJOR * 10 ** digits(currency)) if account.kind is AccountKind.PAYABLE else 0


def floor(account: Standing, movement: Movement) -> int | None:
    """How low this movement may bring the account; None where nothing stops it."""
    if account.kind not in _LIMITED or movement in _HAS_HAPPENED:
        return None
    return -account.overdraft if movement in _GIVES_BACK else 0


def check_covered(account: Standing, movement: Movement, minor: int) -> None:
    """Refuse to debit more than is there and not set aside."""
    lowest = floor(account, movement)
    if lowest is not None and account.balance - account.held - minor < lowest:
        raise Conflict("There is not enough money for this.", code="not_covered")


def move(debit: Standing, credit: Standing, movement: Movement, minor: int) -> None:
    """Move it at once."""
    check_covered(debit, movement, minor)
    debit.balance -= minor
    credit.balance += minor
    _check_range(debit, credit)


def set_aside(debit: Standing, credit: Standing, movement: Movement, minor: int) -> None:
    """It stays where it is, and nobody else can have it."""
    check_covered(debit, movement, minor)
    debit.held += minor
    credit.coming += minor
    _check_range(debit, credit)


def settle(debit: Standing, credit: Standing, held: int, moved: int) -> None:
    """Of what was set aside `moved` is moved and the rest is free again."""
    if not 0 <= moved <= held:
        raise Invalid("No more can be taken than was set aside.", code="above_hold")
    debit.held -= held
    credit.coming -= held
    debit.balance -= moved
    credit.balance += moved
    _check_range(debit, credit)


def check_reversal(original: Money, reversed_already: int, again: Money) -> None:
    """Nothing is given back twice: not by a refund and a chargeback, not in parts that are more than the whole."""
    if again.currency != original.currency:
        raise Invalid("a reversal is of the currency of what it reverses", code="bad_currency")
    if reversed_already + again.minor > original.minor:
        raise Conflict("This payment has already been refunded.", code="already_reversed")


def _check_range(*accounts: Standing) -> None:
    if any(max(abs(one.balance), one.held, one.coming) > _HIGHEST_BALANCE for one in accounts):
        raise Invalid("This amount is out of range.", code="bad_amount")
