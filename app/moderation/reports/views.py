"""Report a thing."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel.errors import Invalid
from app.kernel.subjects import Subject
from app.moderation.reports import queries, service
from app.moderation.reports.forms import ReportForm
from app.platform.wording import worded
from app.web.guards import current, signed_in

pages = Blueprint("reports", __name__)


@pages.route("/report/<kind>/<subject_id>", methods=["GET", "POST"])
@signed_in
def report(kind: str, subject_id: str) -> ResponseReturnValue:
    subject = Subject(kind, subject_id)
    evidence = queries.reported_content(subject, current().id)
    form = ReportForm()
    status = 200
    if form.validate_on_submit():
        try:
            service.file_report(current().id, subject, form.reason.data, form.text.data or "")
        except Invalid as problem:
            form.text.errors = [*form.text.errors, worded(problem)]
            status = 422
        else:
            return render_template("moderation/reports/thanks.html", evidence=evidence)
    elif form.is_submitted():
        status = 422
    page = render_template("moderation/reports/report.html", form=form, evidence=evidence, subject=subject)
    return page, status
