"""Quotes over JSON."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.errors import Forbidden
from app.marketing.testimonials import queries, service
from app.merchants.stores.queries import find_store_of
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field

api = APIBlueprint("api_testimonials", __name__, url_prefix="/api/v1", tag="Quotes")


@api.get("/quotes")
@api.doc(summary="What stores have asked of you", security="token")
@api_auth
def of_me() -> ResponseReturnValue:
    return {"items": [one.as_json() for one in queries.asked_of(caller().id)], "next": None}


@api.get("/store/quotes")
@api.doc(summary="What your store has asked, and the answers", security="token")
@api_auth
def of_store() -> ResponseReturnValue:
    store = find_store_of(caller().id)
    if store is None:
        raise Forbidden("This is for merchants.", code="wrong_role")
    return {"items": [one.as_json() for one in queries.asked_by(store.id)], "next": None}


@api.post("/recommendations/<recommendation_id>/quotes")
@api.doc(summary="Ask the author to be quoted, for one use", security="token")
@api_auth
def ask(recommendation_id: str) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"quote:{me}", "60/day")
    use = text_field(body(), "use", required=True) or ""
    made = service.ask_to_quote(me, recommendation_id, use)
    return queries.get_quote(made).as_json(), 201


@api.post("/quotes/<testimonial_id>/agree")
@api.doc(summary="Agree to this use", security="token")
@api_auth
def agree(testimonial_id: str) -> ResponseReturnValue:
    service.agree(caller().id, testimonial_id)
    return queries.get_quote(testimonial_id).as_json()


@api.post("/quotes/<testimonial_id>/decline")
@api.doc(summary="Decline this use", security="token")
@api_auth
def decline(testimonial_id: str) -> ResponseReturnValue:
    service.decline(caller().id, testimonial_id)
    return queries.get_quote(testimonial_id).as_json()


@api.post("/quotes/<testimonial_id>/withdraw")
@api.doc(summary="Withdraw what you agreed to; it is shown no longer", security="token")
@api_auth
def withdraw(testimonial_id: str) -> ResponseReturnValue:
    service.withdraw(caller().id, testimonial_id)
    return queries.get_quote(testimonial_id).as_json()
