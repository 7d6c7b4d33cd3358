"""Orders over JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import ListingId, OrderId
from app.kernel.subjects import Subject
from app.market.orders import queries, service
from app.market.orders.forms import DONE
from app.market.orders.paying import card_page
from app.market.orders.schemas import ActionBody, MarketOrder, OrderBody, OrderPage, OrderQuery
from app.market.orders.values import Action, Given, OrderCard, OrderDetail, Payment, Placing, Who
from app.platform.limits import check_rate
from app.platform.photo_urls import photo_url
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_orders", __name__, url_prefix="/api/v1", tag="Orders")


@api.post("/listings/<listing_id>/order")
@operation(
    "Order a listing",
    about="`in_person` needs `meet`; `ship` needs an address. 409 `sold_out`: somebody was faster. "
    "Send an `Idempotency-Key`.",
    takes=OrderBody,
    answers=MarketOrder,
    status=201,
    refuses=[403, 409],
)
def post_order(listing_id: ListingId, body: OrderBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"order:{me}", "30/hour")
    if type(body.quantity) is not int:
        raise Invalid("Enter a quantity of at least 1.", code="bad_quantity")
    order_id = service.place_order(
        me,
        Placing(
            buyer_id=me,
            subject=Subject("listing", listing_id),
            quantity=body.quantity,
            delivery=body.delivery or "",
            payment=body.payment or "",
            address=body.address or "",
        ),
    )
    return order_json(queries.get_order(me, order_id)), 201, {"Location": f"/api/v1/orders/{order_id}"}


@api.get("/orders")
@operation("What the caller buys, or sells", query=OrderQuery, answers=OrderPage)
def list_orders(query: OrderQuery) -> ResponseReturnValue:
    if query.role not in {None, "buyer", "seller"}:
        raise Invalid("role must be buyer or seller", code="bad_role")
    role = Who.SELLER if query.role == "seller" else Who.BUYER
    me = caller()
    found, more = queries.orders_of(me.id, role, limit=query.most(), cursor=query.cursor)
    return {"items": [_card_json(card, me.handle) for card in found], "next": more}


@api.get("/orders/<order_id>")
@operation("One order, with what the caller may do now", answers=MarketOrder)
def read_order(order_id: OrderId) -> ResponseReturnValue:
    return order_json(queries.get_order(caller().id, order_id))


@api.post("/orders/<order_id>/<action>")
@operation(
    "Do what `actions` of the order offers",
    about="409 `not_now`: the order is not where this can be done. `pay` of an order by `card` answers a "
    "`payment_url`, where the buyer pays. Send an `Idempotency-Key`.",
    takes=ActionBody,
    answers=MarketOrder,
    refuses=[403, 409],
)
def post_action(order_id: OrderId, action: str, body: ActionBody) -> ResponseReturnValue:
    me = caller().id
    if action not in DONE:
        raise NotFound("This action doesn’t exist.")
    check_rate(f"order-act:{me}", "120/hour")
    if action == Action.PAY and (order := queries.get_order(me, order_id)).payment is Payment.CARD:
        return order_json(order) | {"payment_url": card_page(me, order_id)}
    sent = {name: value or "" for name, value in body.given().items() if name != "at"}
    service.act(me, order_id, Action(action), Given(at=_moment(body.at), **sent))
    return order_json(queries.get_order(me, order_id))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as problem:
        raise Invalid("“at” must be a time with its UTC offset.", code="bad_time") from problem
    if found.tzinfo is None:
        raise Invalid("“at” must be a time with its UTC offset.", code="bad_time")
    return found


def _card_json(card: OrderCard, me: str) -> dict[str, Any]:
    buys = card.role is Who.BUYER
    return {
        "id": card.id,
        "title": card.title,
        "stage": card.stage,
        "role": card.role,
        "buyer": me if buys else card.other.handle,
        "seller": card.other.handle if buys else me,
        "total": f"{card.total.major:f}",
        "currency": card.total.currency,
        "due": card.due,
        "due_at": _iso(card.due_at),
        "next": {"action": card.next.action, "who": card.next.who} if card.next else None,
        "url": card.url,
        "at": card.created_at.isoformat(),
    }


def order_json(order: OrderDetail) -> dict[str, Any]:
    """All of an order, for one of the two."""
    mine = order.buyer if order.card.role is Who.BUYER else order.seller
    money, kept, way = order.money, order.snapshot, order.handing
    return {
        **_card_json(order.card, mine.handle),
        "quantity": order.quantity,
        "delivery": order.delivery,
        "payment": order.payment,
        "money": {
            "state": money.state,
            "total": f"{money.total.major:f}",
            "currency": money.total.currency,
            "paid": f"{money.paid.major:f}",
            "refunded": f"{money.refunded.major:f}",
            "refund": money.refund_state,
        },
        "payment_url": None,
        "parcel": way.parcel
        and {
            "carrier": way.parcel.carrier,
            "tracking": way.parcel.tracking,
            "url": way.parcel.url,
            "shipped_at": way.parcel.shipped_at.isoformat(),
        },
        "meeting": way.meeting
        and {
            "at": way.meeting.at.isoformat(),
            "place": way.meeting.place,
            "agreed": way.meeting.agreed,
            "mine": way.meeting.proposed_by == mine.id,
        },
        "case": "open" if order.held else None,
        "snapshot": {
            "title": kept.title,
            "text": kept.text,
            "url": kept.url,
            "kind": kept.kind,
            "price": f"{kept.price.major:f}",
            "currency": kept.price.currency,
            "photos": [photo_url(one, "full") for one in kept.photo_ids],
            "condition": kept.condition,
            "place": kept.place,
            "terms": kept.terms,
            "tax_rate": kept.tax_rate,
        },
        "actions": [
            {"action": one.action, "until": _iso(one.until), "needs": list(one.needs)} for one in order.actions
        ],
        "history": [
            {"action": one.action, "stage": one.stage, "who": one.who, "at": one.at.isoformat(), "note": one.note}
            for one in order.steps
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
