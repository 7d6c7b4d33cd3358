"""The moderators' desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import MemberId, ReportId
from app.moderation.audit_log.queries import history_of
from app.moderation.decisions import service
from app.moderation.decisions.queries import find_decision
from app.moderation.reports.queries import get_report, queue
from app.people.accounts.queries import member_id
from app.platform.wording import worded
from app.web.guards import current, needs_role

pages = Blueprint("moderation", __name__)


@pages.get("/moderation")
@needs_role("moderator")
def desk() -> ResponseReturnValue:
    page = queue(current().id, cursor=request.args.get("cursor"))
    return render_template("moderation/decisions/desk.html", page=page)


@pages.get("/moderation/reports/<report_id>")
@needs_role("moderator")
def show(report_id: ReportId) -> ResponseReturnValue:
    return _report_page(report_id, None)


@pages.post("/moderation/reports/<report_id>")
@needs_role("moderator")
def decide(report_id: ReportId) -> ResponseReturnValue:
    form = request.form
    try:
        service.decide(current().id, report_id, form.get("decision", ""), form.get("reason", ""))
    except (Conflict, Invalid) as problem:
        page = _report_page(report_id, worded(problem))
        return page, problem.status
    flash(_("Decision saved to the log."))
    return redirect("/moderation")


@pages.post("/moderation/reports/<report_id>/undo")
@needs_role("moderator")
def undo(report_id: ReportId) -> ResponseReturnValue:
    try:
        service.undo(current().id, report_id, request.form.get("reason", ""))
    except (Conflict, Invalid) as problem:
        return _report_page(report_id, worded(problem)), problem.status
    flash(_("Undone and saved to the log."))
    return redirect(f"/moderation/reports/{report_id}", 303)


@pages.post("/moderation/members/<handle>/reinstate")
@needs_role("moderator")
def reinstate(handle: str) -> ResponseReturnValue:
    service.reinstate_member(current().id, member_id(handle), request.form.get("reason", ""))
    flash(_("Suspension lifted."))
    return redirect(f"/m/{handle}")


def _report_page(report_id: ReportId, error: str | None) -> str:
    report = get_report(current().id, report_id)
    history = history_of(current().id, MemberId(report.author.id)) if report.author else []
    return render_template(
        "moderation/decisions/report.html",
        report=report,
        decided=find_decision(current().id, report_id),
        history=history,
        error=error,
        form=request.form,
    )
