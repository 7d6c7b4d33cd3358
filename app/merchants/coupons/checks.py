"""What must hold of every coupon: what is counted is what is held and used."""

from __future__ import annotations

from sqlalchemy import func, select

from app.merchants.coupons.models import Coupon, CouponUse
from app.merchants.coupons.values import UseState
from app.platform.database import db


def run() -> list[str]:
    """Coupons whose count is wrong, or beyond their limit."""
    live = (
        select(func.count())
        .where(CouponUse.coupon_id == Coupon.id, CouponUse.state != UseState.ROLLED_BACK.value)
        .correlate(Coupon)
        .scalar_subquery()
    )
    wrong = select(Coupon.id, Coupon.taken, live.label("live")).where(Coupon.taken != live)
    return [f"coupon {row.id}: {row.taken} are counted, {row.live} are in use" for row in db.session.execute(wrong)]


CHECKS = {"coupons": run}
