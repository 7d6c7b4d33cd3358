"""Where one is paid, and the operator's payouts."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import PayoutRunId
from app.payments.payouts import queries, service
from app.platform.settings import Settings
from app.platform.wording import worded
from app.web.guards import current, needs_role, signed_in

pages = Blueprint("payouts", __name__)


@pages.get("/settings/bank")
@signed_in
def account() -> ResponseReturnValue:
    return render_template("payments/payouts/account.html", account=queries.account_of(current().id), error=None)


@pages.post("/settings/bank")
@signed_in
def save() -> ResponseReturnValue:
    holder, iban = request.form.get("holder", ""), request.form.get("iban", "")
    try:
        service.save_account(current().id, holder, iban)
    except Invalid as problem:
        typed = queries.BankAccount(holder=holder, iban=iban)
        at = "iban" if holder.strip() else "holder"
        return render_template("payments/payouts/account.html", account=typed, error=worded(problem), at=at), 422
    flash(_("Bank account saved."))
    return redirect("/settings/bank", 303)


@pages.post("/settings/bank/delete")
@signed_in
def delete() -> ResponseReturnValue:
    service.delete_account(current().id)
    flash(_("Bank account deleted."))
    return redirect("/settings/bank", 303)


@pages.get("/money/house/payouts")
@needs_role("operator")
def house() -> ResponseReturnValue:
    return render_template("payments/payouts/house.html", claims=queries.claims(), runs=queries.runs())


@pages.post("/money/house/payouts")
@needs_role("operator")
def pay_out() -> ResponseReturnValue:
    try:
        service.pay_out(current().id)
    except Conflict as problem:
        flash(worded(problem))
    else:
        flash(_("Payout created. Download the file and upload it to your bank."))
    return redirect("/money/house/payouts", 303)


@pages.get("/money/house/payouts.xml")
@needs_role("operator")
def bank_file() -> ResponseReturnValue:
    settings: Settings = current_app.config["KIN"]
    run_id = PayoutRunId(request.args.get("run", "")[:40])
    try:
        body = service.bank_file(run_id, name=settings.payout_name, iban=settings.payout_iban, today=clock.now().date())
    except (Conflict, NotFound) as problem:
        flash(worded(problem))
        return redirect("/money/house/payouts", 303)
    answer = Response(body, content_type="application/xml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="payout-{run_id}.xml"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
