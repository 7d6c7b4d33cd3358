"""What a coupon's code looks like, and when it can't be used."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from app.kernel.errors import N_, Conflict, Invalid
from app.merchants.coupons.values import MAX_CODE_LENGTH, MAX_USES, CouponDraft, Worth

HELD_FOR: Final = timedelta(minutes=15)
_CODE = re.compile(r"[0-9A-Z][0-9A-Z_-]{0,38}[0-9A-Z]|[0-9A-Z]")


class CouponUsedUp(Conflict):
    """Others have taken the last of it, or this person has had as many as one may."""

    code = "coupon_used_up"

    def __init__(self) -> None:
        super().__init__(N_("This code has been used up."))


class CouponUnknown(Invalid):
    """There is none of this code, not yet or not any more."""

    code = "coupon_unknown"

    def __init__(self) -> None:
        super().__init__(N_("This code isn’t valid here."))


def check_code(typed: str) -> str:
    """As it is kept: in capitals. Raises `Invalid`."""
    code = typed.strip().upper()
    if len(code) > MAX_CODE_LENGTH or not _CODE.fullmatch(code):
        raise Invalid("Use letters, digits and hyphens for the code.", code="bad_code")
    return code


def check_draft(draft: CouponDraft) -> None:
    """Raises `Invalid` for what makes no coupon."""
    worth = draft.worth
    if (worth.percent is None) == (worth.amount is None):
        raise Invalid("Enter either a percentage or an amount.", code="bad_worth")
    if worth.percent is not None and not 0 < worth.percent <= 100:
        raise Invalid("Enter a percentage from 1 to 100.", code="bad_worth")
    if worth.amount is not None and worth.amount.minor <= 0:
        raise Invalid("Enter an amount above 0.", code="bad_worth")
    if worth.minimum.minor < 0:
        raise Invalid("This amount is out of range.", code="bad_worth")
    for most in (draft.uses_most, draft.each_most):
        if most is not None and not 0 < most <= MAX_USES:
            raise Invalid("Enter a number from 1 to %(most)s.", code="bad_limit", most=MAX_USES)
    if draft.valid_from and draft.valid_until and draft.valid_until <= draft.valid_from:
        raise Invalid("The end must be after the start.", code="bad_time")


def same_currency(worth: Worth) -> bool:
    """Amount and minimum are of one currency."""
    return worth.amount is None or worth.amount.currency == worth.minimum.currency
