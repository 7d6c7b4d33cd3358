"""Cases over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.errors import NotFound
from app.kernel.ids import CaseId, OrderId
from app.market.cases import queries, service
from app.market.cases.forms import DONE
from app.market.cases.mediators import common_friends
from app.market.cases.schemas import CaseActionBody, CaseBody, CasePage, OrderCase
from app.market.cases.values import CaseAction, CaseCard, CaseDetail, CaseRole, Given, StepView, Terms
from app.platform.limits import check_rate
from app.platform.photo_urls import photo_url
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Paging

api = APIBlueprint("api_cases", __name__, url_prefix="/api/v1", tag="Orders")


@api.post("/orders/<order_id>/case")
@operation(
    "Report a problem with an order",
    about="While it is open the order waits. 409 `not_now`: `open_case` is not among the order's `actions`. "
    "Send an `Idempotency-Key`.",
    takes=CaseBody,
    answers=OrderCase,
    status=201,
    refuses=[403, 409],
)
def post_case(order_id: OrderId, body: CaseBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"case:{me}", "20/hour")
    case_id = service.open_case(me, order_id, body.want, Given(text=body.text, amount=body.amount or ""))
    return case_json(queries.get_case(me, case_id)), 201, {"Location": f"/api/v1/cases/{case_id}"}


@api.get("/cases")
@operation("The caller's cases, and those they help to settle", query=Paging, answers=CasePage)
def list_cases(query: Paging) -> ResponseReturnValue:
    found, more = queries.cases_of(caller().id, limit=query.most(), cursor=query.cursor)
    return {"items": [_card_json(card) for card in found], "next": more}


@api.get("/cases/<case_id>")
@operation("One case, with what the caller may do now", answers=OrderCase)
def read_case(case_id: CaseId) -> ResponseReturnValue:
    return case_json(queries.get_case(caller().id, case_id))


@api.post("/cases/<case_id>/<action>")
@operation(
    "Do what `actions` of the case offers",
    about="`way` is one of `ways`; `amount` is what the buyer gets back; `friend` one of `friends`. "
    "409 `not_now`: the case is not where this can be done. Send an `Idempotency-Key`.",
    takes=CaseActionBody,
    answers=OrderCase,
    refuses=[403, 409],
)
def post_case_action(case_id: CaseId, action: str, body: CaseActionBody) -> ResponseReturnValue:
    me = caller().id
    if action not in DONE:
        raise NotFound("This action doesn’t exist.")
    check_rate(f"case-act:{me}", "120/hour")
    before = queries.get_case(me, case_id)
    sent: dict[str, Any] = {name: value or "" for name, value in body.given().items()}
    service.act(me, case_id, CaseAction(action), Given(**sent))
    # Who has stepped back does not see it any more: as it was when they did.
    return case_json(before if action == CaseAction.STEP_BACK else queries.get_case(me, case_id))


def _card_json(card: CaseCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "order": card.order_id,
        "title": card.title,
        "state": card.state,
        "role": card.role,
        "buyer": card.buyer.handle,
        "seller": card.seller.handle,
        "opener": card.opener,
        "waits_for": list(card.waits_for),
        "until": card.due_at.isoformat() if card.due_at else None,
        "url": card.url,
        "at": card.opened_at.isoformat(),
    }


def case_json(case: CaseDetail) -> dict[str, Any]:
    """All of a case, for whoever takes part."""
    card = case.card
    friends = common_friends(None, card.buyer.id, card.seller.id) if "ask_friend" in case.can else []
    return {
        **_card_json(card),
        "wants": case.wants,
        "at_stake": f"{case.at_stake.major:f}",
        "currency": case.at_stake.currency,
        "ways": list(case.ways),
        "proposal": _terms_json(case.proposal.terms) if case.proposal else None,
        "proposed_by": case.proposal.who if case.proposal else None,
        "outcome": _terms_json(case.outcome),
        "decided_by": case.decided_by,
        "mediator": case.mediator.handle if case.mediator else None,
        "friends": [one.member.handle for one in friends],
        "actions": [
            {"action": one.action, "until": one.until.isoformat() if one.until else None, "needs": list(one.needs)}
            for one in case.actions
        ],
        "history": [_step_json(step) for step in case.steps],
    }


def _step_json(step: StepView) -> dict[str, Any]:
    named = step.actor is not None and step.who is not CaseRole.MODERATOR
    return {
        "seq": step.seq,
        "action": step.action,
        "who": step.who,
        "member": step.actor.handle if step.actor and named else None,
        "at": step.at.isoformat(),
        "text": step.text,
        "terms": _terms_json(step.terms),
        "carrier": step.carrier,
        "tracking": step.tracking,
        "photos": [photo_url(one, "full") for one in step.photo_ids],
    }


def _terms_json(terms: Terms | None) -> dict[str, Any] | None:
    if terms is None:
        return None
    return {"way": terms.way, "to_buyer": f"{terms.to_buyer.major:f}", "quantity": terms.quantity}
