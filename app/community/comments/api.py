"""Comments over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from app.community.comments import queries, service
from app.community.recommendations.queries import get_recommendation_view
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field
from app.web.pagination import limit_of

api = APIBlueprint("api_comments", __name__, url_prefix="/api/v1", tag="Recommendations")


@api.get("/recommendations/<recommendation_id>/comments")
@api.doc(summary="What others say to it, oldest first", security="token")
@api_auth
def list_comments(recommendation_id: str) -> ResponseReturnValue:
    owner = get_recommendation_view(caller().id, recommendation_id).member_id
    page = queries.thread(
        caller().id,
        recommendation_id,
        owner,
        limit=limit_of(request.args.get("limit"), 50),
        cursor=request.args.get("cursor"),
    )
    return {"items": [one.as_json() for one in page.items], "next": page.next}


@api.post("/recommendations/<recommendation_id>/comments")
@api.doc(summary="Say something to it", security="token")
@api_auth
def add(recommendation_id: str) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"comment:{me}", "120/hour")
    text = text_field(body(), "text", required=True) or ""
    made = service.add_comment(me, recommendation_id, text)
    return queries.get_comment(me, made).as_json(), 201


@api.delete("/comments/<comment_id>")
@api.doc(summary="Remove your comment, or one under your own recommendation", security="token")
@api_auth
def remove(comment_id: str) -> ResponseReturnValue:
    service.remove_comment(caller().id, comment_id)
    return "", 204
