"""Evidence of purchases over JSON, for merchants and for the operator."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.community.purchases import queries as evidence
from app.community.purchases import service as operator_service
from app.kernel.errors import Forbidden
from app.kernel.ids import ItemId, PurchaseId
from app.marketing.confirmations import queries, service
from app.marketing.confirmations.schemas import Purchase, PurchaseBody, Recorded
from app.merchants.stores.queries import find_store_of
from app.people.accounts.queries import find_member_id, member_id
from app.people.accounts.values import OPERATOR
from app.platform.limits import check_rate
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page, Paging

api = APIBlueprint("api_purchases", __name__, url_prefix="/api/v1", tag="Purchases")


@api.post("/purchases")
@operation(
    "Put on record that a member bought an item",
    about="Merchants for what is on their own shelves: it counts when the buyer confirms it. "
    "The operator for anything: it counts at once.",
    takes=PurchaseBody,
    answers=Recorded,
    status=201,
    refuses=[403, 404],
)
def record(body: PurchaseBody) -> ResponseReturnValue:
    me = caller()
    check_rate(f"evidence:{me.id}", "1200/hour")
    if me.is_a(OPERATOR):
        made = operator_service.record_purchase(me.id, member_id(body.member), ItemId(body.item))
    else:
        made = service.record_sale(me.id, find_member_id(body.member), ItemId(body.item))
    return {"id": made, "state": evidence.get_purchase(made)[1]}, 201


@api.get("/purchases/mine")
@operation("What others say that you bought, and your answers", query=Paging, answers=Page[Purchase])
def list_mine(query: Paging) -> ResponseReturnValue:
    page = evidence.about(caller().id, limit=query.most(), cursor=query.cursor)
    return {"items": [one.as_json() for one in page.items], "next": page.next}


@api.post("/purchases/<evidence_id>/confirm")
@operation(
    "Confirm that you bought it; what you say of it is marked as confirmed by the store",
    answers=Purchase,
    refuses=[403],
)
def confirm(evidence_id: PurchaseId) -> ResponseReturnValue:
    me = caller().id
    service.confirm(me, evidence_id)
    return evidence.get_about(me, evidence_id).as_json()


@api.post("/purchases/<evidence_id>/decline")
@operation(
    "Say that you did not buy it, or take your confirmation back",
    answers=Purchase,
    refuses=[403],
)
def decline(evidence_id: PurchaseId) -> ResponseReturnValue:
    me = caller().id
    service.decline(me, evidence_id)
    return evidence.get_about(me, evidence_id).as_json()


@api.get("/purchases")
@operation("What you have put on record", query=Paging, answers=Page[Purchase], refuses=[403])
def list_purchases(query: Paging) -> ResponseReturnValue:
    me = caller()
    limit, cursor = query.most(), query.cursor
    if me.is_a(OPERATOR):
        page = evidence.recorded(limit=limit, cursor=cursor)
    else:
        store = find_store_of(me.id)
        if store is None:
            raise Forbidden("This is for merchants and the operator.", code="wrong_role")
        page = queries.sales(store.id, viewer_id=me.id, limit=limit, cursor=cursor)
    return {"items": [one.as_json() for one in page.items], "next": page.next}


@api.delete("/purchases/<evidence_id>")
@operation("Withdraw a record", answers=None, status=204, refuses=[403])
def withdraw(evidence_id: PurchaseId) -> ResponseReturnValue:
    me = caller()
    if me.is_a(OPERATOR):
        operator_service.withdraw_purchase(me.id, evidence_id)
    else:
        service.withdraw_sale(me.id, evidence_id)
    return "", 204
