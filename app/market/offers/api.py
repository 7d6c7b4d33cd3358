"""Offers over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.errors import Invalid
from app.kernel.ids import ListingId, OfferId
from app.market.offers import queries, service
from app.market.offers.schemas import BidAnswerBody, CounterBody, MarketOffer, OfferBody, OfferPage, OfferQuery
from app.market.offers.values import OfferCard, OfferDetail, Side, Wish
from app.platform.limits import check_rate
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_offers", __name__, url_prefix="/api/v1", tag="Offers")


@api.post("/listings/<listing_id>/offers")
@operation(
    "Make an offer",
    about="One open offer for each listing. Below the price; from what the seller has agreed to beforehand on it is "
    "accepted at once. Send an `Idempotency-Key`.",
    takes=OfferBody,
    answers=MarketOffer,
    status=201,
    refuses=[403, 409],
)
def post_offer(listing_id: ListingId, body: OfferBody) -> ResponseReturnValue:
    me = caller()
    check_rate(f"offer:{me.id}", "60/hour")
    more = body.listings
    if type(body.quantity) is not int:
        raise Invalid("Enter a quantity of at least 1.", code="bad_quantity")
    if not isinstance(more, list | tuple) or not all(isinstance(one, str) for one in more):
        raise Invalid("“listings” must be a list of ids.", code="bad_items")
    offer_id = service.make_offer(
        me.id,
        Wish(
            listing_ids=[listing_id, *(ListingId(one) for one in more[:100])],
            amount=body.amount,
            currency=body.currency,
            quantity=body.quantity,
            delivery=body.delivery or "meet",
            payment=body.payment or "in_person",
            address=body.address or "",
            note=body.message or "",
        ),
    )
    location = {"Location": f"/api/v1/offers/{offer_id}"}
    return offer_json(queries.get_offer(me.id, offer_id), me.handle), 201, location


@api.get("/offers")
@operation("The offers that the caller made, or got", query=OfferQuery, answers=OfferPage)
def list_offers(query: OfferQuery) -> ResponseReturnValue:
    if query.role not in {None, "buyer", "seller"}:
        raise Invalid("role must be buyer or seller", code="bad_role")
    role = Side.SELLER if query.role == "seller" else Side.BUYER
    me = caller()
    found, more = queries.offers_of(me.id, role, limit=query.most(), cursor=query.cursor)
    return {"items": [_card_json(card, me.handle) for card in found], "next": more}


@api.get("/offers/<offer_id>")
@operation("One offer, with what the caller may do now", answers=MarketOffer)
def read_offer(offer_id: OfferId) -> ResponseReturnValue:
    me = caller()
    return offer_json(queries.get_offer(me.id, offer_id), me.handle)


@api.post("/offers/<offer_id>/accept")
@operation(
    "Agree: what it is about is ordered",
    about="409 `offer_changed`: something else is on the table. 409 `sold_out`: somebody was faster. "
    "Send an `Idempotency-Key`.",
    takes=BidAnswerBody,
    answers=MarketOffer,
    refuses=[403, 409],
)
def accept(offer_id: OfferId, body: BidAnswerBody) -> ResponseReturnValue:
    me = _answering()
    service.accept_offer(me.id, offer_id, seen=body.bid)
    return offer_json(queries.get_offer(me.id, offer_id), me.handle)


@api.post("/offers/<offer_id>/decline")
@operation(
    "Say no: what was said before is on the table again",
    takes=BidAnswerBody,
    answers=MarketOffer,
    refuses=[403, 409],
)
def decline(offer_id: OfferId, body: BidAnswerBody) -> ResponseReturnValue:
    me = _answering()
    service.decline_offer(me.id, offer_id, note=body.message or "", seen=body.bid)
    return offer_json(queries.get_offer(me.id, offer_id), me.handle)


@api.post("/offers/<offer_id>/withdraw")
@operation(
    "Take back what the caller said last: what was said before is on the table again",
    takes=BidAnswerBody,
    answers=MarketOffer,
    refuses=[403, 409],
)
def withdraw(offer_id: OfferId, body: BidAnswerBody) -> ResponseReturnValue:
    me = _answering()
    service.withdraw_offer(me.id, offer_id, seen=body.bid)
    return offer_json(queries.get_offer(me.id, offer_id), me.handle)


@api.post("/offers/<offer_id>/counter")
@operation(
    "Say another amount, between what the two have said",
    takes=CounterBody,
    answers=MarketOffer,
    refuses=[403, 409],
)
def counter(offer_id: OfferId, body: CounterBody) -> ResponseReturnValue:
    me = _answering()
    service.counter_offer(me.id, offer_id, body.amount, currency=body.currency, note=body.message or "", seen=body.bid)
    return offer_json(queries.get_offer(me.id, offer_id), me.handle)


def _answering() -> Any:
    me = caller()
    check_rate(f"offer-answer:{me.id}", "120/hour")
    return me


def _card_json(card: OfferCard, me: str) -> dict[str, Any]:
    buys = card.role is Side.BUYER
    return {
        "id": card.id,
        "state": card.state,
        "why": card.why,
        "role": card.role,
        "buyer": me if buys else card.other.handle,
        "seller": card.other.handle if buys else me,
        "amount": f"{card.amount.major:f}",
        "asked": f"{card.asked.major:f}",
        "currency": card.amount.currency,
        "by": card.by,
        "bid": card.bid,
        "until": card.ends_at.isoformat(),
        "items": [
            {"listing": one.listing_id, "title": one.title, "quantity": one.quantity, "asked": f"{one.asked.major:f}"}
            for one in card.items
        ],
        "conversation": card.conversation_id,
        "actions": list(card.actions),
        "url": card.url,
        "at": card.made_at.isoformat(),
    }


def offer_json(offer: OfferDetail, me: str) -> dict[str, Any]:
    """All of an offer, for one of the two."""
    return {
        **_card_json(offer.card, me),
        "order": offer.orders[0] if offer.orders else None,
        "orders": list(offer.orders),
        "history": [
            {
                "seq": one.seq,
                "action": one.verb,
                "by": one.side,
                "amount": f"{one.amount.major:f}" if one.amount else None,
                "message": one.note,
                "at": one.at.isoformat(),
            }
            for one in offer.steps
        ],
    }
