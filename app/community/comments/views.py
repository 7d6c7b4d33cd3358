"""The page of one recommendation, which is shared, with what others say to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.comments import queries, service
from app.community.recommendations.queries import endorsement, get_recommendation_view
from app.community.recommendations.values import Endorsement, RecommendationView
from app.kernel.errors import Invalid
from app.kernel.ids import CommentId, RecommendationId
from app.platform.addresses import absolute
from app.platform.limits import check_rate
from app.platform.markup import plain_excerpt
from app.platform.wording import worded
from app.web.frame import viewer
from app.web.guards import current, signed_in

pages = Blueprint("comments", __name__)

_SCHEMA = {"place": "LocalBusiness", "service": "Service", "store": "Store"}


@pages.get("/recommendations/<recommendation_id>")
def show(recommendation_id: RecommendationId) -> ResponseReturnValue:
    """For everybody, also without an account."""
    return _page(recommendation_id)


@pages.post("/recommendations/<recommendation_id>/comments")
@signed_in
def add(recommendation_id: RecommendationId) -> ResponseReturnValue:
    """Say something to a recommendation."""
    me = current().id
    check_rate(f"comment:{me}", "30/hour")
    text = request.form.get("text", "")
    try:
        comment_id = service.add_comment(me, recommendation_id, text)
    except Invalid as problem:
        return _page(recommendation_id, draft=text, refused=worded(problem)), 422
    return redirect(f"/recommendations/{recommendation_id}#comment-{comment_id}", 303)


@pages.post("/comments/<comment_id>/remove")
@signed_in
def remove(comment_id: CommentId) -> ResponseReturnValue:
    """The author's, or what stands under one's own recommendation."""
    recommendation_id = service.remove_comment(current().id, comment_id)
    flash(_("Comment deleted."))
    return redirect(f"/recommendations/{recommendation_id}#comments", 303)


def _page(recommendation_id: RecommendationId, *, draft: str = "", refused: str | None = None) -> str:
    who = viewer()
    me = who.id if who else None
    said = get_recommendation_view(me, recommendation_id)
    one = endorsement(me, recommendation_id)
    cursor = request.args.get("cursor")
    return render_template(
        "community/recommendations/show.html",
        one=one,
        said=said,
        comments=queries.thread(me, recommendation_id, said.member_id, cursor=cursor),
        excerpt=_excerpt(one),
        data=_review(one, said),
        draft=draft,
        refused=refused,
    )


def _excerpt(one: Endorsement) -> str:
    """For the preview of a shared link; what was paid for says so there too."""
    words = plain_excerpt(one.text, 200)
    if one.disclosure == "paid":
        return f"{_('Paid for')}. {words}"
    if one.disclosure == "gifted":
        return f"{_('Gifted')}. {words}"
    return words


def _review(one: Endorsement, said: RecommendationView) -> dict[str, Any]:
    """schema.org's Review."""
    root = absolute("")
    kind = _SCHEMA.get(said.item_kind, "Product")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Review",
        "url": f"{root}{one.url}",
        "itemReviewed": {"@type": kind, "name": said.item_title, "url": f"{root}{said.item_url}"},
        "author": {"@type": "Person", "name": one.member.name, "url": f"{root}/m/{one.member.handle}"},
        "datePublished": one.at.isoformat(),
        "reviewBody": plain_excerpt(one.text, 5000),
    }
    if one.rating is not None:
        data["reviewRating"] = {
            "@type": "Rating",
            "ratingValue": one.rating,
            "bestRating": one.rating_max or 5,
        }
    if one.photos:
        data["image"] = [f"{root}{photo.full}" for photo in one.photos]
    return data
