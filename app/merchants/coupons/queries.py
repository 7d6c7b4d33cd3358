"""Reads of coupons."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.ids import StoreId
from app.kernel.money import Money
from app.merchants.coupons.models import Coupon, CouponUse
from app.merchants.coupons.values import MAX_COUPONS, CouponView, Held, UseState, Worth
from app.platform.database import db


def coupons_of(store_id: StoreId) -> list[CouponView]:
    """A store's coupons, the newest first."""
    query = select(Coupon).where(Coupon.store_id == store_id).order_by(Coupon.id.desc()).limit(MAX_COUPONS)
    return [
        CouponView(
            id=row.id,
            code=row.code,
            worth=worth_of(row),
            taken=row.taken,
            uses_most=row.uses_most,
            each_most=row.each_most,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            ended=row.ended_at is not None,
        )
        for row in db.session.scalars(query)
    ]


def held_for(checkout: str) -> dict[StoreId, Held]:
    """What is set aside for this checkout now, at most one of each store."""
    query = (
        select(CouponUse, Coupon)
        .join(Coupon, Coupon.id == CouponUse.coupon_id)
        .where(
            CouponUse.checkout == checkout,
            CouponUse.state == UseState.LOCKED.value,
            CouponUse.until > clock.now(),
            Coupon.ended_at.is_(None),
        )
        .order_by(CouponUse.id)
    )
    return {
        coupon.store_id: Held(
            use_id=use.id, store_id=coupon.store_id, code=coupon.code, worth=worth_of(coupon), until=use.until
        )
        for use, coupon in db.session.execute(query)
    }


def worth_of(row: Coupon) -> Worth:
    """What it takes off."""
    return Worth(
        minimum=Money(row.minimum_minor, row.currency),
        percent=row.percent,
        amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
    )
