"""What a part of a cart costs, and what is written down of it when it is ordered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from app.kernel.errors import N_, Conflict, Invalid
from app.kernel.money import Money, Rounding
from app.market.orders.values import Delivery, Line, LineKind
from app.merchants.carts.values import CartLineView, CartView, Choice, SellerPart, Sums
from app.merchants.catalogue.values import ShippingOption


class CartChanged(Conflict):
    """What is in the cart is no longer as its owner has seen it."""

    code = "cart_changed"

    def __init__(self) -> None:
        super().__init__(N_("Something in your cart has changed. Check it and order again."))


def tax_of(gross: Money, rate: str | None) -> Money | None:
    """What of an amount is tax, by a rate as a decimal fraction."""
    if rate is None:
        return None
    part = Fraction(Decimal(rate))
    return gross.times(part / (1 + part), Rounding.HALF_UP)


def lines_of(part: SellerPart, shipping: ShippingOption | None) -> tuple[Line, ...]:
    """What is written down of a part; the discount is shared over its things by the largest remainders."""
    things = [line for line in part.lines if line.total is not None]
    discount = part.discount
    shares = _shares(things, discount)
    found = [
        Line(
            kind=LineKind.THING,
            title=line.title,
            total=line.total,
            quantity=line.quantity,
            url=line.url,
            tax_rate=line.tax_rate,
            tax=tax_of(line.total - share, line.tax_rate),
        )
        for line, share in zip(things, shares, strict=True)
        if line.total is not None
    ]
    if discount and part.coupon:
        found.append(Line(kind=LineKind.DISCOUNT, title=part.coupon.code, total=-discount))
    if shipping is not None:
        # Sending is taxed as most of what is sent.
        rate = max(things, key=lambda line: line.total.minor if line.total else 0).tax_rate if things else None
        price = shipping.cost(part.goods - discount)
        found.append(
            Line(kind=LineKind.SHIPPING, title=shipping.name, total=price, tax_rate=rate, tax=tax_of(price, rate))
        )
    return tuple(found)


def shipping_of(part: SellerPart, choice: Choice) -> ShippingOption | None:
    """How the part is sent; None where they meet, and where a private seller sends it for nothing more."""
    if choice.delivery != Delivery.SHIP or not part.store_name:
        return None
    if not part.shipping:
        raise Invalid("%(store)s doesn’t ship. Choose to meet.", code="bad_way", store=part.store_name)
    for option in part.shipping:
        if option.id == choice.shipping:
            return option
    raise Invalid("Choose how %(store)s sends it.", code="shipping_missing", store=part.store_name)


def fingerprint(cart: CartView, bills: Mapping[str, Sequence[Line]]) -> str:
    """Names what a buyer is shown before ordering: another price, quantity or tax gives another one."""
    told = [
        [part.key, *([line.subject.kind, line.subject.id, line.quantity] for line in part.lines)]
        + [line.kept() for line in bills[part.key]]
        for part in cart.parts
    ]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def sums_of(lines: Sequence[Line], currency: str) -> Sums:
    """The lines added up."""

    def total(kind: LineKind) -> Money:
        return Money(sum(line.total.minor for line in lines if line.kind is kind), currency)

    taxes = [line.tax.minor for line in lines if line.tax is not None]
    return Sums(
        goods=total(LineKind.THING),
        discount=-total(LineKind.DISCOUNT),
        shipping=total(LineKind.SHIPPING),
        tax=Money(sum(taxes), currency) if taxes else None,
    )


def by_currency(amounts: Iterable[Money]) -> list[Money]:
    """The amounts of each currency as one."""
    found: dict[str, Money] = {}
    for one in amounts:
        found[one.currency] = found[one.currency] + one if one.currency in found else one
    return list(found.values())


def _shares(things: Sequence[CartLineView], discount: Money) -> list[Money]:
    weights = [line.total.minor if line.total and line.of_store else 0 for line in things]
    if not discount or not any(weights):
        return [replace(discount, minor=0) for _ in things]
    return discount.allocate(weights)
