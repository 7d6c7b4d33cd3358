"""Orders for tests: a lamp of Bo's that Ana buys, brought to any stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask

from app.kernel.clock import clock
from app.kernel.ids import ListingId, MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.fulfilment.queries import shown_code
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.market.orders.queries import get_order
from app.market.orders.service import act, follow_payment, place_order
from app.market.orders.values import Action, Given, Payment, Placing, Stage
from app.payments.escrow.queries import find_payment
from app.payments.escrow.service import captured_within
from tests.support.stripe_proxy import KEY, SECRET

ADDRESS = "Storgatan 1\n223 50 Lund"


@dataclass(frozen=True)
class Deal:
    """Two people, what one sells and the other has ordered."""

    buyer: MemberId
    seller: MemberId
    listing: ListingId
    order: OrderId


def sell(seller: MemberId, title: str = "Lamp", price: str = "40", currency: str = "EUR") -> ListingId:
    """Offer something at a price."""
    draft = ListingDraft(
        kind="sale", title=title, category="home", condition="good", price=price, currency=currency, place="Lund"
    )
    return publish_listing(seller, draft)


def order(buyer: MemberId, listing: ListingId, **how: Any) -> OrderId:
    """Order it, in person unless it is said otherwise."""
    return place_order(buyer, Placing(buyer_id=buyer, subject=Subject("listing", listing), **how))


def deal(buyer: MemberId, seller: MemberId, stage: Stage = Stage.PLACED, **how: Any) -> Deal:
    """Bring a new order as far as this stage."""
    listing = sell(seller)
    made = Deal(buyer, seller, listing, order(buyer, listing, **how))
    bring(made, stage)
    return made


def bring(made: Deal, stage: Stage) -> None:
    """From placed as far as this stage; a meeting or a parcel, by how it was ordered."""
    if stage is Stage.PLACED:
        return
    if stage is Stage.CANCELLED:
        act(made.buyer, made.order, Action.CANCEL, Given(reason="I found another one"))
        return
    act(made.seller, made.order, Action.CONFIRM)
    if stage is Stage.CONFIRMED:
        return
    by_card = get_order(made.buyer, made.order).payment is Payment.CARD
    if by_card:
        pay_by_card(made)
    if stage is Stage.SHIPPED or shown_code(made.order) is None:
        if not by_card:
            act(made.buyer, made.order, Action.PAY)
            act(made.seller, made.order, Action.MARK_PAID)
        act(made.seller, made.order, Action.SHIP, Given(carrier="DHL", tracking="JD01"))
    else:
        meet(made)
        act(made.seller, made.order, Action.HAND_OVER, Given(code=shown_code(made.order) or ""))
    if stage in {Stage.HANDED_OVER, Stage.SHIPPED}:
        return
    act(made.buyer, made.order, Action.RECEIVE)
    if stage is Stage.COMPLETED:
        act(made.buyer, made.order, Action.COMPLETE)


def take_cards(app: Flask, **more: Any) -> None:
    """From now on the operator has a provider; nobody asks it anything."""
    app.config["KIN"] = replace(app.config["KIN"], stripe_key=KEY, stripe_webhook_secret=SECRET, **more)


def pay_by_card(made: Deal) -> None:
    """The provider says that it has the money, and the order hears of it."""
    payment = find_payment(Subject("order", made.order))
    assert payment is not None
    captured_within(payment.id, payment.total, f"pi_{made.order}")
    follow_payment(made.order)


def meet(made: Deal) -> None:
    """The buyer suggests tomorrow, the seller agrees."""
    act(made.buyer, made.order, Action.PROPOSE, Given(at=clock.now() + timedelta(days=1), place="Café Ariman"))
    act(made.seller, made.order, Action.AGREE)
