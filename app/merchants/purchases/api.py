"""Evidence of purchases over JSON, for merchants and for the operator."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from app.community.evidence import queries as evidence
from app.community.evidence import service as operator_service
from app.kernel.errors import Forbidden
from app.merchants.purchases import queries, service
from app.merchants.stores.queries import find_store_of
from app.people.accounts.queries import member_id
from app.people.accounts.values import OPERATOR
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field
from app.web.pagination import limit_of

api = APIBlueprint("api_purchases", __name__, url_prefix="/api/v1", tag="Purchases")


@api.post("/purchases")
@api.doc(
    summary="Put on record that a member bought an item",
    description="Merchants for what is on their own shelves, the operator for anything.",
    security="token",
)
@api_auth
def record() -> ResponseReturnValue:
    me, data = caller(), body()
    check_rate(f"evidence:{me.id}", "1200/hour")
    who = member_id(text_field(data, "member", required=True) or "")
    item = text_field(data, "item", required=True) or ""
    if me.is_a(OPERATOR):
        made = operator_service.record_purchase(me.id, who, item)
    else:
        made = service.record_sale(me.id, who, item)
    return {"id": made}, 201


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
        page = queries.sales(store.id, limit=limit, cursor=cursor)
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
