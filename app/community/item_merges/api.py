"""Proposals of merges over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.community.item_merges import service
from app.web.api import api_auth, body, caller, text_field

api = APIBlueprint("api_merges", __name__, url_prefix="/api/v1", tag="Items")


@api.post("/items/<item_id>/merge-proposals")
@api.doc(
    summary="Say that this item and another are one",
    description="`into` is the id of the one that should stay. A moderator decides.",
    security="token",
)
@api_auth
def propose(item_id: str) -> ResponseReturnValue:
    data = body()
    into = text_field(data, "into", required=True) or ""
    merge_id = service.propose_merge(caller().id, item_id, into, text_field(data, "why") or "")
    return {"id": merge_id, "item": item_id, "into": into, "status": "open"}, 201
