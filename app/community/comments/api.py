"""Comments over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.community.comments import queries, service
from app.community.comments.schemas import Comment, CommentBody
from app.community.recommendations.queries import get_recommendation_view
from app.kernel.ids import CommentId, RecommendationId
from app.platform.limits import check_rate
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page, Paging

api = APIBlueprint("api_comments", __name__, url_prefix="/api/v1", tag="Recommendations")


@api.get("/recommendations/<recommendation_id>/comments")
@operation("What others say to it, oldest first", query=Paging, answers=Page[Comment])
def list_comments(recommendation_id: RecommendationId, query: Paging) -> ResponseReturnValue:
    me = caller().id
    owner = get_recommendation_view(me, recommendation_id).member_id
    page = queries.thread(me, recommendation_id, owner, limit=query.most(50), cursor=query.cursor)
    return {"items": [one.as_json() for one in page.items], "next": page.next}


@api.post("/recommendations/<recommendation_id>/comments")
@operation("Say something to it", takes=CommentBody, answers=Comment, status=201, refuses=[403])
def add(recommendation_id: RecommendationId, body: CommentBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"comment:{me}", "120/hour")
    made = service.add_comment(me, recommendation_id, body.text)
    return queries.get_comment(me, made).as_json(), 201


@api.delete("/comments/<comment_id>")
@operation("Remove your comment, or one under your own recommendation", answers=None, status=204, refuses=[403])
def remove(comment_id: CommentId) -> ResponseReturnValue:
    service.remove_comment(caller().id, comment_id)
    return "", 204
