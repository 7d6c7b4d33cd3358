"""Evidence of purchases over JSON, for merchants and for the operator."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from app.community.purchases import queries as evidence
from app.community.purchases import service as operator_service
from app.kernel.errors import Forbidden
from app.marketing.confirmations import queries, service
from app.merchants.stores.queries import find_store_of
from app.people.accounts.queries import find_member_id, member_id
from app.people.accounts.values import OPERATOR
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field
from app.web.pagination import limit_of

api = APIBlueprint("api_purchases", __name__, url_prefix="/api/v1", tag="Purchases")


@api.post("/purchases")
@api.doc(
    summary="Put on record that a member bought an item",
    description="Merchants for what is on their own shelves: it counts when the buyer confirms it. "
    "The operator for anything: it counts at once.",
    security="token",
)
@api_auth
def record() -> ResponseReturnValue:
    me, data = caller(), body()
    check_rate(f"evidence:{me.id}", "1200/hour")
    who = text_field(data, "member", required=True) or ""
    item = text_field(data, "item", required=True) or ""
    if me.is_a(OPERATOR):
        made = operator_service.record_purchase(me.id, member_id(who), item)
    else:
        made = service.record_sale(me.id, find_member_id(who), item)
    return {"id": made, "state": evidence.get_purchase(made)[1]}, 201


@api.get("/purchases/mine")
@api.doc(summary="What others say that you bought, and your answers", security="token")
@api_auth
def list_mine() -> ResponseReturnValue:
    limit, cursor = limit_of(request.args.get("limit")), request.args.get("cursor")
    page = evidence.about(caller().id, limit=limit, cursor=cursor)
    return {"items": [one.as_json() for one in page.items], "next": page.next}


@api.post("/purchases/<evidence_id>/confirm")
@api.doc(summary="Confirm that you bought it; what you say of it is marked as confirmed by the store", security="token")
@api_auth
def confirm(evidence_id: str) -> ResponseReturnValue:
    me = caller().id
    service.confirm(me, evidence_id)
    return evidence.get_about(me, evidence_id).as_json()


@api.post("/purchases/<evidence_id>/decline")
@api.doc(summary="Say that you did not buy it, or take your confirmation back", security="token")
@api_auth
def decline(evidence_id: str) -> ResponseReturnValue:
    me = caller().id
    service.decline(me, evidence_id)
    return evidence.get_about(me, evidence_id).as_json()


@api.get("/purchases")
@api.doc(summary="What you have put on record", security="token")
@api_auth
def list_purchases() -> ResponseReturnValue:
    me = caller()
    limit, cursor = limit_of(request.args.get("limit")), request.args.get("cursor")
    if me.is_a(OPERATOR):
        page = evidence.recorded(limit=limit, cursor=cursor)
    else:
        store = find_store_of(me.id)
        if store is None:
            raise Forbidden("This is for merchants and the operator.", code="wrong_role")
        page = queries.sales(store.id, viewer_id=me.id, limit=limit, cursor=cursor)
    return {"items": [one.as_json() for one in page.items], "next": page.next}


@api.delete("/purchases/<evidence_id>")
@api.doc(summary="Withdraw a record", security="token")
@api_auth
def withdraw(evidence_id: str) -> ResponseReturnValue:
    me = caller()
    if me.is_a(OPERATOR):
        operator_service.withdraw_purchase(me.id, evidence_id)
    else:
        service.withdraw_sale(me.id, evidence_id)
    return "", 204
