"""A coupon, and one that is held for a checkout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from app.kernel.ids import CouponId, CouponUseId, StoreId
from app.kernel.money import Money, Rounding

MAX_CODE_LENGTH = 40
MAX_COUPONS = 200
MAX_USES = 1_000_000


class UseState(StrEnum):
    """Held for a checkout, used by an order, or given back."""

    LOCKED = "locked"
    REDEEMED = "redeemed"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a coupon takes off: a part in whole percent, or an amount; `minimum` says from which price on."""

    minimum: Money
    percent: int | None = None
    amount: Money | None = None

    def off(self, goods: Money) -> Money:
        """What is taken off goods of this price; nothing below the minimum, and never more than they cost."""
        nothing = Money(0, goods.currency)
        if goods.currency != self.minimum.currency or goods < self.minimum:
            return nothing
        if self.percent is not None:
            return goods.times(Fraction(self.percent, 100), Rounding.HALF_UP)
        return nothing if self.amount is None else min(self.amount, goods, key=lambda one: one.minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponDraft:
    """What a merchant types."""

    code: str
    worth: Worth
    uses_most: int | None = None
    each_most: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponView:
    """A coupon as its merchant sees it."""

    id: CouponId
    code: str
    worth: Worth
    taken: int
    uses_most: int | None
    each_most: int | None
    valid_from: datetime
    valid_until: datetime | None
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A coupon that is set aside for one checkout until a time."""

    use_id: CouponUseId
    store_id: StoreId
    code: str
    worth: Worth
    until: datetime
