"""What coupons keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.kernel.ids import MemberId
from app.merchants.coupons.models import Coupon, CouponPerson, CouponUse
from app.platform.database import db

NAME = "coupons"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """Which codes the member has used."""
    counted = dict(
        db.session.execute(
            select(CouponPerson.coupon_id, CouponPerson.taken).where(CouponPerson.member_id == ident)
        ).all()
    )
    query = (
        select(CouponUse.coupon_id, Coupon.code, CouponUse.state, CouponUse.order_id)
        .join(Coupon, Coupon.id == CouponUse.coupon_id)
        .where(CouponUse.member_id == ident)
        .order_by(CouponUse.id)
    )
    return [
        {"code": row.code, "state": row.state, "order": row.order_id, "used": counted.get(row.coupon_id, 0)}
        for row in db.session.execute(query)
    ]


def erase(_ident: MemberId) -> None:
    """A use counts against the coupon's limit: what is left of the person is a number."""
