"""Items over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import json, redirect
from flask.typing import ResponseReturnValue

from app.community.items import queries, service
from app.community.items.schemas import Candidate, CandidatesQuery, DuplicateItem, Item, ItemBody, NewItem
from app.community.recommendations.queries import EVERYBODY, endorsements
from app.community.recommendations.schemas import Endorsements
from app.kernel.ids import ItemId
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.web.api import caller
from app.web.errors import problem
from app.web.operations import operation
from app.web.schemas import Page

api = APIBlueprint("api_items", __name__, url_prefix="/api/v1", tag="Items")

MOVED = {301: "It has become one with another; `Location` has that one's address."}


@api.post("/items")
@operation(
    "Add something that can be recommended",
    takes=ItemBody,
    answers=NewItem,
    status=201,
    refuses=[403, (409, DuplicateItem)],
)
def add_item(body: ItemBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"item:{me}", "120/hour")
    try:
        item_id = service.add_item(
            me,
            kind=body.kind or "product",
            title=body.title,
            category=body.category or "",
            description=body.description or "",
            maker=body.maker or "",
            gtin=body.gtin or "",
            url=body.url or "",
        )
    except service.Duplicate as there:
        return _duplicate(there)
    similar = queries.similar_items(body.title, but=[item_id])
    return {
        **queries.get_item(item_id).as_json(),
        "similar": [one.as_json() for one in similar],
    }, 201


@api.get("/items/candidates")
@operation(
    "What is there already of something that you are about to add",
    about="By `gtin` or `url` (the same thing for sure), or by a `title` that is alike.",
    query=CandidatesQuery,
    answers=Page[Candidate],
)
def get_candidates(query: CandidatesQuery) -> ResponseReturnValue:
    check_rate(f"suggest:{caller().id}", "240/minute")
    found = queries.candidates(query.title, query.gtin, query.url)
    return {"items": [one.as_json() for one in found], "next": None}


@api.get("/items/<item_id>")
@operation("One item; 301 to the one that took it in", answers=Item, also=MOVED)
def get_item(item_id: ItemId) -> ResponseReturnValue:
    try:
        return queries.see_item(caller().id, item_id).as_json()
    except queries.Moved as moved:
        return redirect(f"/api/v1/items/{moved.item_id}", 301)


@api.get("/items/by-external/<path:external_id>")
@operation("One item by the id that an import gave it", answers=Item)
def get_by_external(external_id: str) -> ResponseReturnValue:
    return queries.get_by_external(external_id).as_json()


@api.get("/items/<item_id>/endorsements")
@operation("Who in your circle says what, and how many others", answers=Endorsements, also=MOVED)
def get_endorsements(item_id: ItemId) -> ResponseReturnValue:
    me = caller().id
    try:
        item = queries.see_item(me, item_id)
    except queries.Moved as moved:
        return redirect(f"/api/v1/items/{moved.item_id}/endorsements", 301)
    return endorsements(me, item_id, most=EVERYBODY, category=item.category, exact=True).as_json()


def _duplicate(there: service.Duplicate) -> ResponseReturnValue:
    answer = problem(there.status, there.error_code, worded(there))
    found = [one.as_json() for one in there.candidates]
    answer.set_data(json.dumps({**json.loads(answer.get_data()), "candidates": found}))
    return answer
