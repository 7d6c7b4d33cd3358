"""Asks over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from app.community.questions import queries, service
from app.community.questions.forms import reach_of
from app.community.questions.values import CIRCLE, QuestionDraft, QuestionStatus
from app.kernel.errors import Invalid
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field
from app.web.pagination import limit_of

api = APIBlueprint("api_asks", __name__, url_prefix="/api/v1", tag="Asks")


@api.get("/asks")
@api.doc(
    summary="Open asks that have reached the caller, or with `whose=mine` the caller's own",
    security="token",
)
@api_auth
def list_asks() -> ResponseReturnValue:
    whose = request.args.get("whose", "for_me")
    if whose not in {"mine", "for_me"}:
        raise Invalid("whose must be “mine” or “for_me”", code="bad_whose")
    read = queries.asks_of if whose == "mine" else queries.asks_for
    limit = limit_of(request.args.get("limit"), 20)
    page = read(caller().id, cursor=request.args.get("cursor"), limit=limit)
    return {"items": [one.as_json() for one in page.items], "next": page.next}


@api.post("/asks")
@api.doc(
    summary="Ask the people you trust",
    description="`text`, `topic`, `place`, and `reach`: 1, 2, 3 (steps of trust) or “everybody”.",
    security="token",
)
@api_auth
def post_ask() -> ResponseReturnValue:
    me, data = caller().id, body()
    check_rate(f"ask:{me}", "20/hour")
    ask_id = service.publish_question(me, _draft(data, QuestionDraft(text="", reach=CIRCLE)))
    return queries.get_question(me, ask_id).as_json(), 201, {"Location": f"/api/v1/asks/{ask_id}"}


@api.get("/asks/<ask_id>")
@api.doc(summary="One ask with its answers", security="token", responses=[200, 404])
@api_auth
def read_ask(ask_id: str) -> ResponseReturnValue:
    return queries.get_question(caller().id, ask_id).as_json()


@api.patch("/asks/<ask_id>")
@api.doc(summary="Change an ask; status “closed” ends it", security="token")
@api_auth
def change_ask(ask_id: str) -> ResponseReturnValue:
    me, data = caller().id, body()
    status = text_field(data, "status")
    if status not in {None, QuestionStatus.CLOSED}:
        raise Invalid("“status” can only become “closed”; DELETE removes an ask", code="bad_status")
    queries.get_question(me, ask_id)
    if data.keys() - {"status"}:
        service.edit_question(me, ask_id, lambda now: _draft(data, now))
    if status == QuestionStatus.CLOSED:
        service.close_question(me, ask_id)
    return queries.get_question(me, ask_id).as_json()


@api.delete("/asks/<ask_id>")
@api.doc(summary="Take an ask away; the recommendations in its answers stay", security="token")
@api_auth
def delete_ask(ask_id: str) -> ResponseReturnValue:
    service.remove_question(caller().id, ask_id)
    return "", 204


@api.post("/asks/<ask_id>/answers")
@api.doc(
    summary="Answer with a recommendation",
    description="`item`, `text`, `rating`, `disclosure`. Without text and rating, what the caller "
    "recommends already is the answer as it stands.",
    security="token",
)
@api_auth
def post_answer(ask_id: str) -> ResponseReturnValue:
    me, data = caller().id, body()
    check_rate(f"recommend:{me}", "120/hour")
    rating = data.get("rating")
    if rating is not None and (isinstance(rating, bool) or not isinstance(rating, int | float)):
        raise Invalid("“rating” must be a number", code="bad_rating")
    ident = service.answer_question(
        me,
        ask_id,
        text_field(data, "item", required=True) or "",
        text=text_field(data, "text") or "",
        rating=rating,
        disclosure=text_field(data, "disclosure") or "",
    )
    return {"recommendation": ident, **queries.get_question(me, ask_id).as_json()}, 201


@api.post("/asks/<ask_id>/widen")
@api.doc(summary="One step further now", security="token")
@api_auth
def widen_question(ask_id: str) -> ResponseReturnValue:
    service.widen_question(caller().id, ask_id)
    return queries.get_question(caller().id, ask_id).as_json()


@api.post("/asks/<ask_id>/thanks")
@api.doc(summary="Say which answer helped most: `{recommendation}`", security="token")
@api_auth
def post_thanks(ask_id: str) -> ResponseReturnValue:
    me = caller().id
    service.thank_for(me, ask_id, text_field(body(), "recommendation", required=True) or "")
    return queries.get_question(me, ask_id).as_json()


def _draft(data: dict[str, Any], now: QuestionDraft) -> QuestionDraft:
    texts = {
        name: text_field(data, name) or "" if name in data else getattr(now, name)
        for name in ("text", "topic", "place")
    }
    return QuestionDraft(**texts, reach=reach_of(data["reach"]) if "reach" in data else now.reach)
