"""What is chosen at the checkout, read from the form of a cart."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.ids import ShippingOptionId
from app.merchants.carts.values import CartView, Choice


def read_choices(cart: CartView, sent: Mapping[str, str]) -> dict[str, Choice]:
    """For each seller's part: `way-…` is delivery and payment as one, `shipping-…` the way to send it."""
    found = {}
    for part in cart.parts:
        delivery, _, payment = sent.get(f"way-{part.key}", "").partition("-")
        if delivery:
            option = sent.get(f"shipping-{part.key}") or None
            found[part.key] = Choice(
                delivery=delivery, payment=payment, shipping=ShippingOptionId(option) if option else None
            )
    return found


def whole(typed: str) -> int:
    """A quantity as typed; -1 for what is no number."""
    typed = typed.strip()
    return int(typed) if typed.isdecimal() and len(typed) < 7 else -1
