"""People over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from app.discovery.people_suggestions import queries, service
from app.discovery.people_suggestions.values import SUGGESTED
from app.people.accounts.queries import member_id
from app.web.api import api_auth, caller
from app.web.pagination import limit_of

api = APIBlueprint("api_people", __name__, url_prefix="/api/v1", tag="Trust")


@api.get("/people/suggestions")
@api.doc(
    summary="Whom the caller may want to vouch for, best first",
    description="Members whom people the caller trusts know, with the number of ways that share nobody.",
    security="token",
)
@api_auth
def suggestions() -> ResponseReturnValue:
    limit = min(limit_of(request.args.get("limit"), SUGGESTED), 2 * SUGGESTED)
    found = queries.suggestions(caller().id, limit=limit)
    return {
        "items": [
            {
                "member": one.member.handle,
                "independent_ways": one.ways,
                "distance": one.trail.distance,
                "path": one.trail.handles,
            }
            for one in found
        ],
        "next": None,
    }


@api.put("/mutes/<handle>")
@api.doc(summary="Leave a member's things out of the caller's feed", security="token", responses=[204])
@api_auth
def mute(handle: str) -> ResponseReturnValue:
    service.mute(caller().id, member_id(handle))
    return "", 204


@api.delete("/mutes/<handle>")
@api.doc(summary="Take a mute back", security="token", responses=[204])
@api_auth
def unmute(handle: str) -> ResponseReturnValue:
    service.unmute(caller().id, member_id(handle))
    return "", 204
