"""Trust over JSON. In every path, null stands for a middle link that does not want to be named."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.people.accounts.queries import member_id
from app.trust.circle import queries
from app.web.api import api_auth, caller
from app.web.pagination import decode_cursor, encode_cursor, limit_of

api = APIBlueprint("api_circle", __name__, url_prefix="/api/v1", tag="Trust")


@api.get("/trust/<handle>")
@api.doc(
    summary="How the caller knows a member",
    description="Score, distance, independent ways and up to three strongest paths. "
    "In a path, null stands for a member who does not want to be named as a middle link.",
    security="token",
    responses=[200, 404],
)
@api_auth
def trust_in(handle: str) -> dict[str, Any]:
    return queries.explain(caller().id, member_id(handle)).as_json()


@api.get("/circle")
@api.doc(
    summary="The caller's trusted people, best first",
    description="In a path, null stands for a member who does not want to be named as a middle link.",
    security="token",
)
@api_auth
def circle() -> dict[str, Any]:
    limit = limit_of(request.args.get("limit"))
    key = decode_cursor(request.args.get("cursor"), int)
    start = max(0, key[0]) if key else 0
    found = queries.circle_members(caller().id, start, limit)
    following = encode_cursor(start + limit) if found.total > start + limit else None
    return {"items": [one.as_json() for one in found.members], "next": following}
