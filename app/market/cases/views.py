"""Reporting a problem with an order, and the page on which it is settled."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.kernel.errors import DomainError, Invalid, NotFound
from app.kernel.ids import CaseId, MemberId, OrderId, PhotoId
from app.market.cases import queries, rules, service
from app.market.cases.forms import (
    A_MODERATOR,
    DONE,
    LABELS,
    NEXT_MINE,
    NEXT_THEIRS,
    STEP_LABELS,
    TIME_RAN_OUT,
    OpenCaseForm,
    read_given,
)
from app.market.cases.mediators import common_friends
from app.market.cases.values import (
    MAX_PHOTOS,
    CaseAction,
    CaseCard,
    CaseDetail,
    CaseRole,
    CaseWay,
    StepView,
    Terms,
)
from app.market.orders.queries import get_order
from app.market.orders.values import Action as OrderAction
from app.market.orders.values import OrderDetail, Stage
from app.platform.files import owned_photos, store_photo
from app.platform.formats import money
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import trail_to
from app.web.drawing import bdi
from app.web.guards import current, signed_in

pages = Blueprint("cases", __name__)
# Where the sentence of a refusal stands.
_FIELDS: Final = {
    "text_missing": "text",
    "amount_missing": "amount",
    "bad_amount": "amount",
    "ambiguous_amount": "amount",
    "bad_quantity": "quantity",
    "bad_way": "way",
    "bad_friend": "friend",
}


@pages.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """`case.state|case_state_label` and so on."""
    for name, labels in LABELS.items():
        state.app.jinja_env.filters[f"{name}_label"] = lambda code, labels=labels: labels.get(code, code)
    state.app.jinja_env.filters["case_next"] = next_words
    state.app.jinja_env.globals["case_terms"] = terms_words
    state.app.jinja_env.globals["case_step"] = step_words


@pages.get("/cases")
@signed_in
def mine() -> ResponseReturnValue:
    found, more = queries.cases_of(current().id, cursor=request.args.get("cursor"))
    return render_template("market/cases/mine.html", cases=found, more=more)


@pages.route("/orders/<order_id>/case", methods=["GET", "POST"])
@signed_in
def open_case(order_id: OrderId) -> ResponseReturnValue:
    me = current().id
    order = get_order(me, order_id)
    if OrderAction.OPEN_CASE not in order.can:
        last = queries.latest_of(me, order_id)
        return redirect(last.url if last else order.card.url, 303)
    form = OpenCaseForm()
    form.offer(rules.wants(CaseRole(order.card.role.value), sent=_is_sent(order)))
    kept, refused = photos_sent(me)
    status = 200
    if form.validate_on_submit() and not refused:
        check_rate(f"case:{me}", "20/hour")
        try:
            case_id = service.open_case(me, order_id, form.want.data, read_given(request.form, kept))
        except Invalid as problem:
            field = form[_FIELDS.get(problem.error_code, "want")]
            field.errors = [*field.errors, worded(problem)]
        else:
            flash(_("Sent. The order waits until this is settled."))
            return redirect(f"/cases/{case_id}", 303)
    if form.is_submitted():
        status = 422
    page = render_template(
        "market/cases/open.html", form=form, order=order, card=order.card, kept=kept, refused=refused, most=MAX_PHOTOS
    )
    return page, status


@pages.get("/cases/<case_id>")
@signed_in
def show(case_id: CaseId) -> ResponseReturnValue:
    return case_page(queries.get_case(current().id, case_id))


@pages.post("/cases/<case_id>/<action>")
@signed_in
def act(case_id: CaseId, action: str) -> ResponseReturnValue:
    me = current().id
    if action not in DONE:
        raise NotFound("This page doesn’t exist.")
    check_rate(f"case-act:{me}", "120/hour")
    kept, refused = photos_sent(me)
    if refused:
        return case_page(queries.get_case(me, case_id), refused=refused, at=action), 422
    try:
        service.act(me, case_id, CaseAction(action), read_given(request.form, kept))
    except NotFound:
        raise
    except DomainError as problem:
        field = _FIELDS.get(problem.error_code, "")
        page = case_page(queries.get_case(me, case_id), refused=worded(problem), at=action, field=field, kept=kept)
        return page, problem.status
    flash(str(DONE[action]))
    # Who steps back has no page to come back to.
    return redirect("/cases" if action == CaseAction.STEP_BACK else f"/cases/{case_id}", 303)


def case_page(
    case: CaseDetail, *, refused: str | None = None, at: str = "", field: str = "", kept: list[PhotoId] | None = None
) -> str:
    me, card = current().id, case.card
    asks = "ask_friend" in case.can
    friends = common_friends(me, card.buyer.id, card.seller.id) if asks else []
    return render_template(
        "market/cases/show.html",
        case=case,
        card=card,
        friends=friends,
        trail=trail_to(me, case.mediator.id) if case.mediator else None,
        refused=refused,
        at=at,
        bad_field=field,
        kept=kept or [],
        typed=request.form,
        most=MAX_PHOTOS,
    )


def photos_sent(me: MemberId) -> tuple[list[PhotoId], str | None]:
    """Photos that were kept from a form that was refused, and those just sent; and what was wrong with one."""
    before = [PhotoId(one) for one in request.form.getlist("photo_id")][:MAX_PHOTOS]
    mine = owned_photos(me, before)
    kept = [one for one in before if one in mine]
    files = [file for file in request.files.getlist("photos") if file.filename]
    if len(kept) + len(files) > MAX_PHOTOS:
        return kept, _("Choose up to %(num)s photos.", num=MAX_PHOTOS)
    try:
        kept.extend(store_photo(file.stream, me).id for file in files)
    except Invalid as problem:
        return kept, worded(problem)
    return kept, None


def next_words(card: CaseCard) -> Markup:
    """What the case waits for, and of whom."""
    if card.mine_to_do:
        return escape(str(NEXT_MINE.get(card.state, "")))
    person = card.waited_for or card.other
    return escape(str(NEXT_THEIRS.get(card.state, ""))) % {"name": bdi(person.name)}


def step_words(step: StepView) -> Markup:
    """Who has done what; of moderators no name is told, the time has none."""
    if step.who is CaseRole.CLOCK:
        return escape(str(TIME_RAN_OUT))
    name = escape(str(A_MODERATOR)) if step.who is CaseRole.MODERATOR or step.actor is None else bdi(step.actor.name)
    return escape(str(STEP_LABELS[step.action])) % {"name": name}


def terms_words(case: CaseDetail, terms: Terms, *, ended: bool = False) -> Markup:
    """What a proposal or a decision means for the two, with their names."""
    buyer, seller = bdi(case.card.buyer.name), bdi(case.card.seller.name)
    if terms.way is CaseWay.GO_ON:
        return escape(_("The order continues, and the payment counts as received."))
    if terms.way is CaseWay.REPLACE and not ended:
        return escape(_("%(seller)s sends a replacement.")) % {"seller": seller}
    amount = money(terms.to_buyer)
    if terms.way is CaseWay.RETURN and not ended:
        if terms.quantity is not None:
            words = escape(_("%(buyer)s sends %(num)s back and gets %(amount)s."))
            return words % {"buyer": buyer, "num": terms.quantity, "amount": amount}
        return escape(_("%(buyer)s sends the item back and gets %(amount)s.")) % {"buyer": buyer, "amount": amount}
    if not terms.to_buyer:
        return escape(_("%(seller)s keeps the payment.")) % {"seller": seller}
    if terms.to_buyer >= case.divided:
        return escape(_("%(buyer)s gets everything back: %(amount)s.")) % {"buyer": buyer, "amount": amount}
    words = escape(_("%(buyer)s gets %(amount)s back, %(seller)s keeps %(rest)s."))
    return words % {"buyer": buyer, "seller": seller, "amount": amount, "rest": money(case.divided - terms.to_buyer)}


def _is_sent(order: OrderDetail) -> bool:
    return order.card.stage not in (Stage.PLACED, Stage.CONFIRMED)
