"""Quotes over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.errors import Forbidden
from app.kernel.ids import RecommendationId, TestimonialId
from app.marketing.testimonials import queries, service
from app.marketing.testimonials.schemas import Quote, QuoteBody
from app.merchants.stores.queries import find_store_of
from app.platform.limits import check_rate
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page

api = APIBlueprint("api_testimonials", __name__, url_prefix="/api/v1", tag="Quotes")


@api.get("/quotes")
@operation("What stores have asked of you", answers=Page[Quote])
def of_me() -> ResponseReturnValue:
    return {"items": [one.as_json() for one in queries.asked_of(caller().id)], "next": None}


@api.get("/store/quotes")
@operation("What your store has asked, and the answers", answers=Page[Quote], refuses=[403])
def of_store() -> ResponseReturnValue:
    store = find_store_of(caller().id)
    if store is None:
        raise Forbidden("This is for merchants.", code="wrong_role")
    return {"items": [one.as_json() for one in queries.asked_by(store.id)], "next": None}


@api.post("/recommendations/<recommendation_id>/quotes")
@operation("Ask the author to be quoted, for one use", takes=QuoteBody, answers=Quote, status=201, refuses=[403])
def ask(recommendation_id: RecommendationId, body: QuoteBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"quote:{me}", "60/day")
    made = service.ask_to_quote(me, recommendation_id, body.use)
    return queries.get_quote(made).as_json(), 201


@api.post("/quotes/<testimonial_id>/agree")
@operation("Agree to this use", answers=Quote, refuses=[403])
def agree(testimonial_id: TestimonialId) -> ResponseReturnValue:
    service.agree(caller().id, testimonial_id)
    return queries.get_quote(testimonial_id).as_json()


@api.post("/quotes/<testimonial_id>/decline")
@operation("Decline this use", answers=Quote, refuses=[403])
def decline(testimonial_id: TestimonialId) -> ResponseReturnValue:
    service.decline(caller().id, testimonial_id)
    return queries.get_quote(testimonial_id).as_json()


@api.post("/quotes/<testimonial_id>/withdraw")
@operation("Withdraw what you agreed to; it is shown no longer", answers=Quote, refuses=[403])
def withdraw(testimonial_id: TestimonialId) -> ResponseReturnValue:
    service.withdraw(caller().id, testimonial_id)
    return queries.get_quote(testimonial_id).as_json()
