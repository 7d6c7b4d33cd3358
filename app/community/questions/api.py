"""Asks over JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.community.questions import answering, queries, schemas, service
from app.community.questions.values import CIRCLE, QuestionDraft, QuestionStatus
from app.kernel.errors import Invalid
from app.kernel.ids import AnswerId, ItemId, QuestionId, RecommendationId
from app.platform.limits import check_rate
from app.platform.places.lookup import learn
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page

api = APIBlueprint("api_asks", __name__, url_prefix="/api/v1", tag="Asks")


@api.get("/asks")
@operation(
    "Open asks that have reached the caller, or with `whose=mine` the caller's own",
    query=schemas.AsksQuery,
    answers=Page[schemas.Ask],
)
def list_asks(query: schemas.AsksQuery) -> ResponseReturnValue:
    whose = "for_me" if query.whose is None else query.whose
    if whose not in {"mine", "for_me"}:
        raise Invalid("“whose” must be “mine” or “for_me”", code="bad_whose")
    read = queries.asks_of if whose == "mine" else queries.asks_for
    page = read(caller().id, cursor=query.cursor, limit=query.most(20))
    return {"items": [one.as_json() for one in page.items], "next": page.next}


@api.post("/asks")
@operation(
    "Ask the people you trust",
    about="`text`, `topic`, `place`, and `reach`: 1, 2, 3 (steps of trust) or “everybody”.",
    takes=schemas.AskBody,
    answers=schemas.WholeAsk,
    status=201,
    refuses=[403],
)
def post_ask(body: schemas.AskBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"ask:{me}", "20/hour")
    ask_id = service.publish_question(me, _draft(body.given(), QuestionDraft(text="", reach=CIRCLE)))
    return queries.get_question(me, ask_id).as_json(), 201, {"Location": f"/api/v1/asks/{ask_id}"}


@api.get("/asks/<ask_id>")
@operation("One ask with its answers", answers=schemas.WholeAsk)
def read_ask(ask_id: QuestionId) -> ResponseReturnValue:
    return queries.get_question(caller().id, ask_id).as_json()


@api.patch("/asks/<ask_id>")
@operation(
    "Change an ask; status “closed” ends it",
    takes=schemas.AskChange,
    answers=schemas.WholeAsk,
    refuses=[403, 409],
)
def change_ask(ask_id: QuestionId, body: schemas.AskChange) -> ResponseReturnValue:
    me, changes = caller().id, body.given()
    if body.status not in {None, QuestionStatus.CLOSED}:
        raise Invalid("“status” can only be set to “closed”. Use DELETE to remove a question.", code="bad_status")
    queries.get_question(me, ask_id)
    if changes.keys() - {"status"}:
        learn(changes.get("place") or "")
        service.edit_question(me, ask_id, lambda now: _draft(changes, now))
    if body.status == QuestionStatus.CLOSED:
        service.close_question(me, ask_id)
    return queries.get_question(me, ask_id).as_json()


@api.delete("/asks/<ask_id>")
@operation("Take an ask away; the recommendations in its answers stay", answers=None, status=204, refuses=[403])
def delete_ask(ask_id: QuestionId) -> ResponseReturnValue:
    service.remove_question(caller().id, ask_id)
    return "", 204


@api.post("/asks/<ask_id>/answers")
@operation(
    "Answer in words, with a recommendation, or both",
    about="`text` alone answers in words. With `item` the answer is a recommendation of it, and `text`, `rating` and "
    "`disclosure` are its own; without text and rating, what the caller recommends already is the answer as it "
    "stands. With `recommendation` that one is attached to the words.",
    takes=schemas.AnswerBody,
    answers=schemas.AnsweredAsk,
    status=201,
    refuses=[403],
)
def post_answer(ask_id: QuestionId, body: schemas.AnswerBody) -> ResponseReturnValue:
    me, text = caller().id, body.text or ""
    check_rate(f"recommend:{me}", "120/hour")
    if body.item and body.recommendation:
        raise Invalid("Send either “item” or “recommendation”", code="two_attached")
    if body.item:
        ident = answering.answer_question(
            me, ask_id, ItemId(body.item), text=text, rating=body.rating, disclosure=body.disclosure or ""
        )
    else:
        attached = RecommendationId(body.recommendation) if body.recommendation else None
        ident = answering.answer_in_words(me, ask_id, text, recommendation_id=attached)
    page = queries.get_question(me, ask_id).as_json()
    return {"answer": ident, "recommendation": queries.recommended_in(ident), **page}, 201


@api.patch("/answers/<answer_id>")
@operation("Say your answer in other words", takes=schemas.AnswerChange, answers=schemas.WholeAsk, refuses=[403])
def change_answer(answer_id: AnswerId, body: schemas.AnswerChange) -> ResponseReturnValue:
    me = caller().id
    return queries.get_question(me, answering.edit_answer(me, answer_id, body.text)).as_json()


@api.delete("/answers/<answer_id>")
@operation("Delete your answer; what you recommended in it stays", answers=None, status=204, refuses=[403])
def delete_answer(answer_id: AnswerId) -> ResponseReturnValue:
    answering.remove_answer(caller().id, answer_id)
    return "", 204


@api.post("/asks/<ask_id>/widen")
@operation("One step further now", answers=schemas.WholeAsk, refuses=[403])
def widen_question(ask_id: QuestionId) -> ResponseReturnValue:
    service.widen_question(caller().id, ask_id)
    return queries.get_question(caller().id, ask_id).as_json()


@api.post("/asks/<ask_id>/thanks")
@operation(
    "Say which answer helped most: `{answer}`, or `{recommendation}` of an answer that has one",
    takes=schemas.ThanksBody,
    answers=schemas.WholeAsk,
    refuses=[403],
)
def post_thanks(ask_id: QuestionId, body: schemas.ThanksBody) -> ResponseReturnValue:
    me = caller().id
    answer_id = AnswerId(body.answer) if body.answer else None
    if answer_id is None:
        if not body.recommendation:
            raise Invalid("Send “answer” or “recommendation”", code="missing_answer")
        answer_id = queries.answer_with(ask_id, RecommendationId(body.recommendation)) or AnswerId("")
    answering.thank_for(me, ask_id, answer_id)
    return queries.get_question(me, ask_id).as_json()


def _draft(changes: dict[str, Any], now: QuestionDraft) -> QuestionDraft:
    texts = {name: changes[name] or "" for name in ("text", "topic", "place") if name in changes}
    return replace(now, **texts, reach=changes.get("reach", now.reach))
