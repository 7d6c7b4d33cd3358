"""Recommendations over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.community.recommendations import queries, service
from app.kernel.errors import Invalid
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field

api = APIBlueprint("api_recommendations", __name__, url_prefix="/api/v1", tag="Recommendations")


@api.post("/recommendations")
@api.doc(summary="Say what you think of an item", security="token")
@api_auth
def recommend() -> ResponseReturnValue:
    me, data = caller().id, body()
    check_rate(f"recommend:{me}", "240/hour")
    rating = data.get("rating")
    if rating is not None and (isinstance(rating, bool) or not isinstance(rating, int | float)):
        raise Invalid("“rating” must be a number", code="bad_rating")
    ident = service.recommend(
        me,
        text_field(data, "item", required=True) or "",
        text_field(data, "stance", required=True) or "",
        text=text_field(data, "text"),
        rating=rating,
        # Whether it was paid for is asked of everybody: a missing answer is refused.
        disclosure=text_field(data, "disclosure", required=True) or "",
    )
    said = queries.get_said(ident)
    return {
        "id": said.id,
        "item": said.item_id,
        "member": caller().handle,
        "stance": said.stance,
        "rating": said.rating,
        "disclosure": said.disclosure,
        "at": said.at.isoformat(),
    }, 201
