"""On which terms I sell."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.market.terms import queries, service
from app.market.terms.forms import TermsForm
from app.web.edits import ChangedMeanwhile
from app.web.guards import current, signed_in

pages = Blueprint("terms", __name__)


@pages.route("/settings/terms", methods=["GET", "POST"])
@signed_in
def choose() -> ResponseReturnValue:
    me = current().id
    form, now = TermsForm(), TermsForm(formdata=None, obj=queries.choice_of(me))
    if not form.is_submitted():
        return render_template("market/terms/choose.html", form=now)
    status = 422
    if form.validate():
        try:
            form.merge_with(now)
        except ChangedMeanwhile as problem:
            status = problem.status
        else:
            service.choose_terms(
                me,
                steps=form.steps.data,
                ways=form.ways.data,
                beyond=form.beyond.data,
                percent=form.percent.data,
                verified=form.verified.data,
            )
            flash(_("Saved."))
            return redirect("/settings/terms", 303)
    return render_template("market/terms/choose.html", form=form), status
