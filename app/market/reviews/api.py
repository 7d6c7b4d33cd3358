"""Reviews over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.ids import MemberId, OrderId, ReviewId
from app.market.reviews import afterwards, queries, service
from app.market.reviews.schemas import (
    MemberReview,
    RecoveryBody,
    ReplyBody,
    ReviewBody,
    ReviewPage,
    ReviewQuery,
    UpdateBody,
)
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


@api.post("/reviews/<review_id>/answer")
@operation("Reply to a review of yourself, once", takes=ReplyBody, answers=MemberReview, refuses=[403, 409])
def post_answer(review_id: ReviewId, body: ReplyBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"review-answer:{me}", "30/hour")
    afterwards.answer_review(me, review_id, body.text or "")
    return _json(me, queries.get_review(me, review_id))


@api.post("/reviews/<review_id>/recovery")
@operation(
    "Offer to put right what a buyer was unhappy with",
    about="Of a review of you with 1 or 2 stars, once.",
    takes=RecoveryBody,
    answers=MemberReview,
    refuses=[403, 409],
)
def post_recovery(review_id: ReviewId, body: RecoveryBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"review-offer:{me}", "30/hour")
    afterwards.offer_recovery(me, review_id, body.remedy or "", body.text or "")
    return _json(me, queries.get_review(me, review_id))


@api.post("/reviews/<review_id>/recovery/done")
@operation("Say that it is put right: the author may update the review", answers=MemberReview, refuses=[403, 409])
def post_recovery_done(review_id: ReviewId) -> ResponseReturnValue:
    me = caller().id
    afterwards.finish_recovery(me, review_id)
    return _json(me, queries.get_review(me, review_id))


@api.patch("/reviews/<review_id>")
@operation(
    "Update your review after the other side put it right",
    about="Once. What it said before stays in its history.",
    takes=UpdateBody,
    answers=MemberReview,
    refuses=[409],
)
def patch_review(review_id: ReviewId, body: UpdateBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"review:{me}", "30/hour")
    afterwards.update_review(me, review_id, ReviewDraft(stars=body.stars, text=body.text or ""))
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
        "recovery": one.recovery
        and {
            "remedy": one.recovery.remedy,
            "text": one.recovery.text if me in (one.author.id, one.about.id) else None,
            "offered_at": one.recovery.offered_at.isoformat(),
            "done_at": one.recovery.done_at.isoformat() if one.recovery.done_at else None,
            "updated_at": one.recovery.updated_at.isoformat() if one.recovery.updated_at else None,
        },
        "url": one.url,
    }
