"""Items over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import json, redirect, request
from flask.typing import ResponseReturnValue

from app.community.items import queries, service
from app.community.recommendations.queries import EVERYBODY, endorsements
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field
from app.web.errors import problem

api = APIBlueprint("api_items", __name__, url_prefix="/api/v1", tag="Items")


@api.post("/items")
@api.doc(summary="Add something that can be recommended", security="token")
@api_auth
def add_item() -> ResponseReturnValue:
    me, data = caller().id, body()
    check_rate(f"item:{me}", "120/hour")
    title = text_field(data, "title", required=True) or ""
    try:
        item_id = service.add_item(
            me,
            kind=text_field(data, "kind") or "product",
            title=title,
            category=text_field(data, "category") or "",
            description=text_field(data, "description") or "",
            maker=text_field(data, "maker") or "",
            gtin=text_field(data, "gtin") or "",
            url=text_field(data, "url") or "",
        )
    except service.Duplicate as there:
        return _duplicate(there)
    similar = queries.similar_items(title, but=[item_id])
    return {
        **queries.get_item(item_id).as_json(),
        "similar": [one.as_json() for one in similar],
    }, 201


@api.get("/items/candidates")
@api.doc(
    summary="What is there already of something that you are about to add",
    description="By `gtin` or `url` (the same thing for sure), or by a `title` that is alike.",
    security="token",
)
@api_auth
def get_candidates() -> ResponseReturnValue:
    check_rate(f"suggest:{caller().id}", "240/minute")
    args = request.args
    found = queries.candidates(args.get("title", "")[:200], args.get("gtin", ""), args.get("url", ""))
    return {"items": [one.as_json() for one in found], "next": None}


@api.get("/items/<item_id>")
@api.doc(summary="One item; 301 to the one that took it in", security="token", responses=[200, 301, 404])
@api_auth
def get_item(item_id: str) -> ResponseReturnValue:
    try:
        return queries.see_item(caller().id, item_id).as_json()
    except queries.Moved as moved:
        return redirect(f"/api/v1/items/{moved.item_id}", 301)


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
    try:
        queries.see_item(me, item_id)
    except queries.Moved as moved:
        return redirect(f"/api/v1/items/{moved.item_id}/endorsements", 301)
    return endorsements(me, item_id, most=EVERYBODY).as_json()


def _duplicate(there: service.Duplicate) -> ResponseReturnValue:
    answer = problem(there.status, there.error_code, there.message)
    found = [one.as_json() for one in there.candidates]
    answer.set_data(json.dumps({**json.loads(answer.get_data()), "candidates": found}))
    return answer
