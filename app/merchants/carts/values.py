"""A cart and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.ids import CartId, PhotoId, ShippingOptionId, StoreId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.merchants.catalogue.values import KIND, ShippingOption
from app.merchants.coupons.values import Held
from app.people.profiles.values import MemberCard

MAX_LINES = 20
MAX_QUANTITY = 999
BASKET = "basket"


class CartState(StrEnum):
    OPEN = "open"
    ORDERED = "ordered"


class Trouble(StrEnum):
    """Why a line can't be ordered as it stands."""

    GONE = "gone"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLineView:
    """A thing in the cart as it is now; `before` is what it cost when it was put in, where that has changed."""

    subject: Subject
    quantity: int
    title: str
    url: str
    photo_id: PhotoId | None = None
    price: Money | None = None
    before: Money | None = None
    left: int | None = None  # None: nobody has counted
    tax_rate: str | None = None
    trouble: Trouble | None = None

    @property
    def of_store(self) -> bool:
        return self.subject.kind == KIND

    @property
    def total(self) -> Money | None:
        return None if self.price is None else Money(self.price.minor * self.quantity, self.price.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerPart:
    """What one seller has in the cart in one currency: it becomes one order."""

    seller: MemberCard
    currency: str
    lines: tuple[CartLineView, ...]
    shipping: tuple[ShippingOption, ...] = ()
    store_id: StoreId | None = None
    store_name: str = ""
    store_url: str = ""
    coupon: Held | None = None

    @property
    def key(self) -> str:
        """Names the part in forms."""
        return f"{self.seller.handle}-{self.currency}"

    @property
    def goods(self) -> Money:
        return Money(sum(line.total.minor for line in self.lines if line.total), self.currency)

    @property
    def of_store(self) -> Money:
        """What the store's products among them cost: a coupon is for these."""
        return Money(sum(line.total.minor for line in self.lines if line.of_store and line.total), self.currency)

    @property
    def discount(self) -> Money:
        return self.coupon.worth.off(self.of_store) if self.coupon else Money(0, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartView:
    """What somebody wants to order."""

    id: CartId | None
    parts: tuple[SellerPart, ...] = ()
    gone: tuple[CartLineView, ...] = ()

    @property
    def lines(self) -> tuple[CartLineView, ...]:
        return (*(line for part in self.parts for line in part.lines), *self.gone)

    @property
    def ready(self) -> bool:
        """Whether all of it can be ordered."""
        return bool(self.parts) and not any(line.trouble for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How one seller's part is to come and to be paid."""

    delivery: str
    payment: str
    shipping: ShippingOptionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """How all of a cart is ordered; `seen` names what the buyer was shown: at another price nothing is ordered."""

    choices: Mapping[str, Choice]
    seen: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What one seller's part costs, line by line."""

    goods: Money
    discount: Money
    shipping: Money
    tax: Money | None

    @property
    def total(self) -> Money:
        return self.goods - self.discount + self.shipping
