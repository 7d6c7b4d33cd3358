"""What a store sells in detail: variants with their stock, ways to send them, and taxes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.community.items.values import ItemView
from app.kernel.ids import MemberId, ShippingOptionId, StoreId, VariantId
from app.kernel.money import Money

MAX_OPTIONS_LENGTH = 120
MAX_SKU_LENGTH = 60
MAX_SHIPPING_NAME_LENGTH = 80
MAX_VARIANTS = 60  # of one product
MAX_SHIPPING_OPTIONS = 20
MAX_TAX_RATES = 60
MOST_USED = 3  # offers of others that a product is shown with
KIND = "product_variant"


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """What a merchant types of a variant; the options name it."""

    options: str
    price: Money
    stock: int
    sku: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantView:
    """One way in which a product is sold; `left` of `total` can be had."""

    id: VariantId
    store_id: StoreId
    options: str
    sku: str
    price: Money
    left: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """A product of a store with what can be ordered of it."""

    item: ItemView
    price: Money
    variants: list[VariantView]
    tax_rate: int | None  # in hundredths of a percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A variant with all that an order has to know of it."""

    variant: VariantView
    seller_id: MemberId
    item: ItemView
    slug: str
    tax_rate: int | None

    @property
    def title(self) -> str:
        return f"{self.item.title} ({self.variant.options})" if self.variant.options else self.item.title

    @property
    def url(self) -> str:
        return f"/s/{self.slug}/items/{self.item.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingOption:
    """A way to send things, and from what amount on it costs nothing."""

    id: ShippingOptionId
    name: str
    price: Money
    free_from: Money | None = None

    def cost(self, goods: Money) -> Money:
        """What it costs to send goods of this worth."""
        return replace(self.price, minor=0) if self.free_from is not None and goods >= self.free_from else self.price


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """A tax that prices include, in hundredths of a percent; the empty category is all others."""

    category: str
    rate: int
    valid_from: date
