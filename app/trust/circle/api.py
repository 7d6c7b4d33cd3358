"""Trust over JSON. In every path, null stands for a middle link that does not want to be named."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.kernel.errors import Invalid
from app.people.accounts.queries import member_id, member_ids
from app.trust.circle import queries
from app.trust.vouches.values import TOPIC_LENGTH
from app.web.api import api_auth, caller
from app.web.pagination import limit_of

MOST_PATHS = 10
_PATHS = {str(number) for number in range(1, MOST_PATHS + 1)}

api = APIBlueprint("api_circle", __name__, url_prefix="/api/v1", tag="Trust")


@api.get("/trust/<handle>")
@api.doc(
    summary="How the caller knows a member",
    description="Score, distance, independent ways and the strongest paths, `?paths=` of them (3). "
    "In a path, null stands for a member who does not want to be named as a middle link. `links` has, "
    "for each path, why each on it trusts the next: kind (vouch, import, trade, invited, invited_by or "
    "hidden), and where there are any: strength, reason, topic, orders. `borrowed` is there and true "
    "when the strongest path begins with who invited the caller, whom the caller does not vouch for. "
    "`?topic=` counts vouches for that topic fully.",
    security="token",
    responses=[200, 404, 422],
)
@api_auth
def trust_in(handle: str) -> dict[str, Any]:
    asked = request.args.get("paths", str(queries.SHOWN_PATHS))
    if asked not in _PATHS:
        raise Invalid(f"“paths” is a number from 1 to {MOST_PATHS}.", code="bad_paths")
    return queries.explain(caller().id, member_id(handle), int(asked), _topic()).as_json()


@api.get("/trust")
@api.doc(
    summary="How the caller knows several members together",
    description="`?members=ana,bo,cem`: to how many `people` of them a way leads, by how many "
    "`independent_ways` (ways that share nobody), and for each the strongest path and its links. "
    "Three friends who came through one inviter are three people, one independent way.",
    security="token",
    responses=[200, 404, 422],
)
@api_auth
def trust_in_several() -> dict[str, Any]:
    handles = [one for one in request.args.get("members", "").split(",", queries.MOST_EXPLAINED) if one.strip()]
    if not handles:
        raise Invalid("“members” is a list of handles with commas between them.", code="missing_field")
    return queries.explain_set(caller().id, member_ids(handles), _topic()).as_json()


def _topic() -> str | None:
    return request.args.get("topic", "")[:TOPIC_LENGTH] or None


@api.get("/circle")
@api.doc(
    summary="The caller's trusted people, best first",
    description="In a path, null stands for a member who does not want to be named as a middle link. "
    "`borrowed` is there and true for who is known through the caller's inviter alone.",
    security="token",
)
@api_auth
def circle() -> dict[str, Any]:
    limit = limit_of(request.args.get("limit"))
    found = queries.circle_members(caller().id, limit, request.args.get("cursor"))
    return {"items": [one.as_json() for one in found.members], "next": found.next}
