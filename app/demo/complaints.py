"""Complaints of the demo: one that waits for Ana, and one that a friend of both has decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.kernel.clock import clock
from app.kernel.ids import MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.cases.mediators import common_friends
from app.market.cases.service import act, open_case
from app.market.cases.values import CaseAction, CaseWant, CaseWay
from app.market.cases.values import Given as Said
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.market.orders import service as orders
from app.market.orders.values import Action, Delivery, Given, Payment, Placing


def complain(ids: Mapping[str, MemberId], at: datetime) -> None:
    """Ana and a friend have sold each other something; whom both trust is known once the trust is counted."""
    ana = ids.get("ana")
    other = next((ids[one] for one in ("bo", "dana", "greta") if one in ids), None)
    if ana is None or other is None:
        return
    with clock.freeze(at - timedelta(days=6)) as held:
        _decided(ana, other)
        held.advance(timedelta(days=5))
        _open(ana, other)


def _open(buyer: MemberId, seller: MemberId) -> None:
    """The seller has answered: it is Ana's turn."""
    case_id = open_case(
        buyer,
        _sent(buyer, seller, "Table radio", "40"),
        CaseWant.PART,
        Said(text="It plays, but the case has a crack that the photos didn’t show.", amount="15"),
    )
    act(seller, case_id, CaseAction.PROPOSE, Said(way=CaseWay.MONEY, amount="10", text="Sorry! Would 10 back be fair?"))


def _decided(buyer: MemberId, seller: MemberId) -> None:
    """As far as it goes: a small demo may have nobody whom both trust."""
    case_id = open_case(
        buyer,
        _sent(buyer, seller, "Set of six wine glasses", "30"),
        CaseWant.REFUND,
        Said(text="Two of the six were broken when I opened the box."),
    )
    act(seller, case_id, CaseAction.ANSWER, Said(text="They were whole when I packed them, each in paper."))
    friends = common_friends(None, buyer, seller, most=1)
    if not friends:
        return
    friend = friends[0].member
    act(buyer, case_id, CaseAction.ASK_FRIEND, Said(friend=friend.handle))
    act(seller, case_id, CaseAction.AGREE_FRIEND)
    act(friend.id, case_id, CaseAction.TAKE_ON)
    why = "Four are fine and stay. For the two that broke, half is fair: the parcel was thin, and the post was rough."
    act(friend.id, case_id, CaseAction.DECIDE, Said(way=CaseWay.MONEY, amount="10", text=why))


def _sent(buyer: MemberId, seller: MemberId, title: str, price: str) -> OrderId:
    """Paid by transfer and on its way."""
    draft = ListingDraft(
        kind="sale", title=title, category="home", condition="good", price=price, currency="EUR", place="Lund"
    )
    order_id = orders.place_order(
        buyer,
        Placing(
            buyer_id=buyer,
            subject=Subject("listing", publish_listing(seller, draft)),
            delivery=Delivery.SHIP,
            payment=Payment.BANK_TRANSFER,
            address="Bytaregatan 4\n222 21 Lund",
        ),
    )
    for who, action in ((seller, Action.CONFIRM), (buyer, Action.PAY), (seller, Action.MARK_PAID)):
        orders.act(who, order_id, action)
    orders.act(seller, order_id, Action.SHIP, Given(carrier="PostNord", tracking="UX987654321SE"))
    return order_id
