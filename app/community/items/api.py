"""Items over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.community.items import queries, service
from app.community.recommendations.queries import EVERYBODY, endorsements
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field

api = APIBlueprint("api_items", __name__, url_prefix="/api/v1", tag="Items")


@api.post("/items")
@api.doc(summary="Add something that can be recommended", security="token")
@api_auth
def add_item() -> ResponseReturnValue:
    me, data = caller().id, body()
    check_rate(f"item:{me}", "120/hour")
    item_id = service.add_item(
        me,
        kind=text_field(data, "kind") or "product",
        title=text_field(data, "title", required=True) or "",
        category=text_field(data, "category") or "",
        description=text_field(data, "description") or "",
    )
    return queries.get_item(item_id).as_json(), 201


@api.get("/items/<item_id>")
@api.doc(summary="One item", security="token")
@api_auth
def get_item(item_id: str) -> ResponseReturnValue:
    return queries.get_item(item_id).as_json()


@api.get("/items/by-external/<path:external_id>")
@api.doc(summary="One item by the id that an import gave it", security="token")
@api_auth
def get_by_external(external_id: str) -> ResponseReturnValue:
    return queries.get_by_external(external_id).as_json()


@api.get("/items/<item_id>/endorsements")
@api.doc(summary="Who in your circle says what, and how many others", security="token")
@api_auth
def get_endorsements(item_id: str) -> ResponseReturnValue:
    me = caller().id
    queries.get_item(item_id)
    return endorsements(me, item_id, most=EVERYBODY).as_json()
