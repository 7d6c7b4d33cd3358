"""What may become of a payment: pure decisions."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.ids import MemberId
from app.kernel.money import Money, Rounding
from app.payments.escrow.values import Due, Method, State

MILLION: Final = 1_000_000
_HAVE: Final = frozenset({State.PAID, State.RELEASED})


def check_due(due: Due) -> None:
    """Refuse what nobody can owe."""
    if due.total.minor <= 0:
        raise Invalid("This amount is out of range.", code="bad_amount")
    if due.buyer_id == due.seller_id:
        raise Invalid("You can’t pay yourself.", code="same_person")


def check_is(actor: MemberId, wanted: MemberId) -> None:
    """Only one of the two can say this."""
    if actor != wanted:
        raise Forbidden("Only the other side of this deal can confirm this.", code="not_yours")


def arrived(method: Method, *, buyer_said: bool, seller_said: bool) -> bool:
    """Cash is confirmed by both, a transfer by whoever looks into the account it goes to."""
    return seller_said and (buyer_said or method is not Method.IN_PERSON)


def check_refundable(state: State, total: Money, refunded: Money, again: Money) -> None:
    """Refuse to give back more than was paid."""
    if again.currency != total.currency:
        raise Invalid("A refund is in the currency of the payment.", code="bad_currency")
    if again.minor <= 0:
        raise Invalid("This amount is out of range.", code="bad_amount")
    if state not in _HAVE:
        raise Conflict("There is nothing to refund.", code="not_now")
    if refunded + again > total:
        raise Conflict("This is more than was paid.", code="above_payment")


def commission(gross: Money, rate_ppm: int) -> Money:
    """The house's part of an amount, rounded as shops do."""
    return gross.times(Fraction(rate_ppm, MILLION), Rounding.HALF_UP)


def commission_back(released: Money, given_back: Money, again: Money, rate_ppm: int) -> Money:
    """The house's part of a refund: in the end all that it took, to the last unit, in however many parts."""
    taken = commission(released, rate_ppm)
    before = taken - commission(released - given_back, rate_ppm)
    return taken - commission(released - given_back - again, rate_ppm) - before
