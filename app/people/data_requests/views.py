"""Take my data with me, or leave."""

from __future__ import annotations

from flask import Blueprint, Response, flash, json, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import logout_user

from app.kernel.errors import Invalid
from app.people.accounts.queries import account_of
from app.people.accounts.reauthentication import require_owner
from app.people.accounts.sessions import proof
from app.people.data_requests import queries, service
from app.platform.limits import limiter
from app.platform.wording import worded
from app.web.guards import current, signed_in

pages = Blueprint("data_requests", __name__)


@pages.get("/settings/privacy")
@signed_in
def show() -> ResponseReturnValue:
    return _page(None)


@pages.get("/settings/privacy/export")
@limiter.limit("6/minute")
@signed_in
def export() -> ResponseReturnValue:
    who = current()
    response = Response(
        json.dumps(queries.export_member(who.id), indent=2, ensure_ascii=False),
        content_type="application/json; charset=utf-8",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="kinmarket-{who.handle}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/settings/privacy/delete")
@limiter.limit("6/minute")
@signed_in
def delete() -> ResponseReturnValue:
    try:
        require_owner(current().id, proof(request.form.get("password")))
        service.erase_member(current().id, request.form.get("handle", ""))
    except Invalid as problem:
        return _page(problem), 422
    logout_user()
    flash(_("Your account was deleted."))
    return redirect("/login")


def _page(problem: Invalid | None) -> str:
    return render_template(
        "people/data_requests/show.html",
        error=worded(problem) if problem else None,
        wrong=problem.error_code if problem else None,
        has_password=account_of(current().id).has_password,
    )
