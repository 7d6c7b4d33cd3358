"""People over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.discovery.people_suggestions import queries, service
from app.discovery.people_suggestions.schemas import Suggestion
from app.discovery.people_suggestions.values import SUGGESTED
from app.people.accounts.queries import member_id
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page, Paging

api = APIBlueprint("api_people", __name__, url_prefix="/api/v1", tag="Trust")


@api.get("/people/suggestions")
@operation(
    "Whom the caller may want to vouch for, best first",
    about="Members whom people the caller trusts know, with the number of ways that share nobody.",
    query=Paging,
    answers=Page[Suggestion],
)
def suggestions(query: Paging) -> ResponseReturnValue:
    limit = min(query.most(SUGGESTED), 2 * SUGGESTED)
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
@operation("Leave a member's things out of the caller's feed", answers=None, status=204)
def mute(handle: str) -> ResponseReturnValue:
    service.mute(caller().id, member_id(handle))
    return "", 204


@api.delete("/mutes/<handle>")
@operation("Take a mute back", answers=None, status=204)
def unmute(handle: str) -> ResponseReturnValue:
    service.unmute(caller().id, member_id(handle))
    return "", 204
