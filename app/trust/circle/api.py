"""Trust over JSON. In every path, null stands for a middle link that does not want to be named."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.kernel.errors import Invalid
from app.people.accounts.queries import member_id, member_ids
from app.trust.circle import queries
from app.trust.circle.schemas import CircleMember, SetQuery, SetTrust, Trust, TrustQuery
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page, Paging

api = APIBlueprint("api_circle", __name__, url_prefix="/api/v1", tag="Trust")


@api.get("/trust/<handle>")
@operation(
    "How the caller knows a member",
    about="Score, distance, independent ways and the strongest paths, `?paths=` of them (3). "
    "In a path, null stands for a member who does not want to be named as a middle link. `links` has, "
    "for each path, why each on it trusts the next: kind (vouch, import, trade, invited, invited_by or "
    "hidden), and where there are any: strength, reason, topic, orders. `borrowed` is there and true "
    "when the strongest path begins with who invited the caller, whom the caller does not vouch for. "
    "`?topic=` counts vouches for that topic fully.",
    query=TrustQuery,
    answers=Trust,
)
def trust_in(handle: str, query: TrustQuery) -> dict[str, Any]:
    return queries.explain(caller().id, member_id(handle), query.paths, query.topic).as_json()


@api.get("/trust")
@operation(
    "How the caller knows several members together",
    about="`?members=ana,bo,cem`: to how many `people` of them a way leads, by how many "
    "`independent_ways` (ways that share nobody), and for each the strongest path and its links. "
    "Three friends who came through one inviter are three people, one independent way.",
    query=SetQuery,
    answers=SetTrust,
    refuses=[404],
)
def trust_in_several(query: SetQuery) -> dict[str, Any]:
    handles = [one for one in query.members.split(",", queries.MAX_EXPLAINED) if one.strip()]
    if not handles:
        raise Invalid("“members” must be a comma-separated list of handles.", code="missing_field")
    return queries.explain_set(caller().id, member_ids(handles), query.topic).as_json()


@api.get("/circle")
@operation(
    "The caller's trusted people, best first",
    about="In a path, null stands for a member who does not want to be named as a middle link. "
    "`borrowed` is there and true for who is known through the caller's inviter alone.",
    query=Paging,
    answers=Page[CircleMember],
)
def circle(query: Paging) -> dict[str, Any]:
    found = queries.circle_members(caller().id, query.most(), query.cursor)
    return {"items": [one.as_json() for one in found.members], "next": found.next}
