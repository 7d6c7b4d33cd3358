"""What happens to coupons by itself."""

from __future__ import annotations

from app.merchants.coupons.service import lapse
from app.platform.jobs import periodic


@periodic("lapse_coupons", minutes=1)
def lapse_coupons() -> None:
    """Whoever left a checkout holds no coupon any more."""
    lapse()
