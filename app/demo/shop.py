"""The store of the demo sells its coffee ground or whole, ships it, and gives a code; Ana has some in her cart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.ids import ItemId, MemberId, VariantId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.listings.models import Listing
from app.market.listings.values import ListingKind, Status
from app.merchants.carts.service import put, use_code
from app.merchants.catalogue.service import save_shipping_option, save_tax_rate, save_variant
from app.merchants.catalogue.values import KIND, VariantDraft
from app.merchants.coupons.service import save_coupon
from app.merchants.coupons.values import CouponDraft, Worth
from app.merchants.stores.queries import find_store_of
from app.platform.database import db

_CURRENCY: Final = "SEK"
# Options, price in öre, stock, article number: one is sold out, of one few are left.
_VARIANTS: Final = {
    "Stilla house blend, 500 g": (
        ("Whole beans", 12900, 40, "SHB-500-W"),
        ("Ground for filter", 12900, 3, "SHB-500-F"),
        ("Ground for espresso", 13400, 0, "SHB-500-E"),
    ),
    "Stilla filter: Ethiopia Guji": (("Whole beans, 250 g", 14900, 18, "SEG-250-W"),),
}


def stock_store(owner: MemberId, ids: Mapping[str, MemberId], item_ids: Mapping[str, ItemId], at: datetime) -> None:
    """Fill the shelves of the owner's store; in a small demo it may have nothing to sell."""
    store = find_store_of(owner)
    if store is None:
        return
    with clock.freeze(at):
        found: list[VariantId] = []
        for title, variants in _VARIANTS.items():
            for options, price, stock, sku in variants if title in item_ids else ():
                draft = VariantDraft(options=options, price=Money(price, _CURRENCY), stock=stock, sku=sku)
                found.append(save_variant(owner, item_ids[title], draft))
        save_shipping_option(owner, "Parcel, 2–3 days", Money(4900, _CURRENCY), Money(50000, _CURRENCY))
        save_tax_rate(owner, "", 2500, at.date() - timedelta(days=365))
        save_tax_rate(owner, "food", 1200, at.date() - timedelta(days=365))
        worth = Worth(minimum=Money(20000, _CURRENCY), percent=10)
        save_coupon(owner, CouponDraft(code="FIKA10", worth=worth, uses_most=100, each_most=1))
    ana = ids.get("ana")
    if ana is None or not found:
        return
    put(ana, Subject(KIND, found[0]), 2)
    use_code(ana, store.id, "FIKA10")
    query = select(Listing.id).where(
        Listing.status == Status.ACTIVE.value, Listing.kind == ListingKind.SALE.value, Listing.seller_id != ana
    )
    other = db.session.scalar(query.order_by(Listing.id.desc()).limit(1))
    if other is not None:
        put(ana, Subject("listing", other), 1)
