"""Proposals of merges over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.community.item_merges import service
from app.community.item_merges.schemas import MergeBody, MergeProposal
from app.kernel.ids import ItemId
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_merges", __name__, url_prefix="/api/v1", tag="Items")


@api.post("/items/<item_id>/merge-proposals")
@operation(
    "Say that this item and another are one",
    about="`into` is the id of the one that should stay. A moderator decides.",
    takes=MergeBody,
    answers=MergeProposal,
    status=201,
    refuses=[403],
)
def propose(item_id: ItemId, body: MergeBody) -> ResponseReturnValue:
    merge_id = service.propose_merge(caller().id, item_id, ItemId(body.into), body.why or "")
    return {"id": merge_id, "item": item_id, "into": body.into, "status": "open"}, 201
