"""Reviews over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.ids import MemberId, OrderId, ReviewId
from app.market.reviews import queries, service
from app.market.reviews.schemas import MemberReview, ReviewBody, ReviewPage, ReviewQuery
from app.market.reviews.values import Part, ReviewDraft, ReviewView
from app.people.accounts.queries import member_id
from app.platform.limits import check_rate
from app.web.api import caller
from app.web.operations import operation

api = APIBlueprint("api_reviews", __name__, url_prefix="/api/v1", tag="Reviews")


@api.post("/orders/<order_id>/review")
@operation(
    "Review the other side of a completed order",
    about="Once, within 14 days. Nobody else sees it until both have written or the 14 days are over.",
    takes=ReviewBody,
    answers=MemberReview,
    status=201,
    refuses=[409],
)
def post_review(order_id: OrderId, body: ReviewBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"review:{me}", "30/hour")
    draft = ReviewDraft(
        stars=body.stars,
        text=body.text or "",
        parts={one.value: getattr(body, one.value) for one in Part},
        note=body.note or "",
    )
    review_id = service.write_review(me, order_id, draft)
    return _json(me, queries.get_review(me, review_id)), 201, {"Location": f"/api/v1/reviews/{review_id}"}


@api.get("/reviews/<review_id>")
@operation("One review", answers=MemberReview)
def read_review(review_id: ReviewId) -> ResponseReturnValue:
    me = caller().id
    return _json(me, queries.get_review(me, review_id))


@api.get("/members/<handle>/reviews")
@operation("What is said of a member after orders, the newest first", query=ReviewQuery, answers=ReviewPage)
def list_reviews(handle: str, query: ReviewQuery) -> ResponseReturnValue:
    me = caller().id
    found, more = queries.reviews_about(me, member_id(handle), limit=query.most(), cursor=query.cursor)
    return {"items": [_json(me, one) for one in found], "next": more}


def _json(me: MemberId, one: ReviewView) -> dict[str, Any]:
    return {
        "id": one.id,
        "order": one.order_id if me in (one.author.id, one.about.id) else None,
        "author": one.author.handle,
        "about": one.about.handle,
        "role": one.role,
        "stars": one.stars,
        "details": {part.value: stars for part, stars in one.parts.items()},
        "text": one.text,
        "at": one.at.isoformat(),
        "visible_at": one.visible_at.isoformat() if one.visible_at else None,
        "updated_at": one.updated_at.isoformat() if one.updated_at else None,
        "path": one.trail.handles if one.trail else None,
        "photos": [shot.full for shot in one.photos],
        "answer": one.answer and {"html": str(one.answer.text_html), "at": one.answer.at.isoformat()},
        "url": one.url,
    }
