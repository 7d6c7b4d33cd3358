"""The moderators' pages of complaints about orders on which two people don't agree."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import CaseId
from app.market.cases import queries
from app.market.cases.values import Given
from app.moderation.order_cases import service
from app.platform.wording import worded
from app.web.guards import current, needs_role

pages = Blueprint("order_cases", __name__)
_DONE: Final = {
    "claim": _l("You’re working on this now."),
    "say": _l("Sent to both."),
    "decide": _l("Decided and saved to the log."),
}
_FIELDS: Final = {
    "text_missing": "text",
    "reason_missing": "text",
    "amount_missing": "amount",
    "bad_amount": "amount",
    "ambiguous_amount": "amount",
    "bad_quantity": "quantity",
    "bad_way": "way",
}


@pages.get("/moderation/order-cases")
@needs_role("moderator")
def waiting() -> ResponseReturnValue:
    found, more = queries.queue(current().id, cursor=request.args.get("cursor"))
    return render_template("moderation/order_cases/list.html", cases=found, more=more)


@pages.get("/moderation/order-cases/<case_id>")
@needs_role("moderator")
def show(case_id: CaseId) -> ResponseReturnValue:
    return _page(case_id)


@pages.post("/moderation/order-cases/<case_id>/<any(claim, say, decide):action>")
@needs_role("moderator")
def act(case_id: CaseId, action: str) -> ResponseReturnValue:
    me = current().id
    form = request.form
    given = Given(
        text=form.get("text", ""),
        way=form.get("way", ""),
        amount=form.get("amount", ""),
        quantity=form.get("quantity", ""),
    )
    try:
        match action:
            case "claim":
                service.claim(me, case_id)
            case "say":
                service.ask(me, case_id, given)
            case _:
                service.decide(me, case_id, given)
    except (Conflict, Invalid) as problem:
        field = _FIELDS.get(problem.error_code, "")
        return _page(case_id, refused=worded(problem), at=action, field=field), problem.status
    flash(str(_DONE[action]))
    return redirect(f"/moderation/order-cases/{case_id}", 303)


def _page(case_id: CaseId, *, refused: str | None = None, at: str = "", field: str = "") -> str:
    case = queries.get_for_moderator(current().id, case_id)
    words = _("Reasons") if at == "decide" else _("Message")
    return render_template(
        "moderation/order_cases/show.html",
        case=case,
        card=case.card,
        refused=refused,
        at=at,
        bad_field=field,
        typed=request.form,
        labels={"text": words, "amount": _("Amount"), "quantity": _("Quantity"), "way": _("Solution")},
    )
