"""The operator's page of seeds and standing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import Conflict, Invalid, NotFound
from app.people.accounts.queries import member_id
from app.people.accounts.values import OPERATOR
from app.platform.jobs import enqueue
from app.platform.wording import worded
from app.trust.circle.queries import trails
from app.trust.reputation import queries, service
from app.web.guards import current, fragment, needs_role

pages = Blueprint("reputation", __name__)
PAGE = "/trust/reputation"


@pages.get(PAGE)
@needs_role(OPERATOR)
def desk() -> ResponseReturnValue:
    return _page()


@pages.get(f"{PAGE}/progress")
@needs_role(OPERATOR)
@fragment
def progress() -> ResponseReturnValue:
    """The part of the page that tells how far it is; asks for itself again while it runs."""
    return render_template("trust/reputation/_run.html", run=queries.latest_run())


@pages.post(f"{PAGE}/seeds")
@needs_role(OPERATOR)
def name_seed() -> ResponseReturnValue:
    handle = request.form.get("handle", "").strip().removeprefix("@")
    try:
        service.name_seed(current().id, member_id(handle))
    except NotFound as problem:
        return _page(worded(problem), handle), 422
    flash(_("Seed added. It counts from the next calculation."))
    return redirect(PAGE)


@pages.post(f"{PAGE}/begin")
@needs_role(OPERATOR)
def begin() -> ResponseReturnValue:
    """One click from the feed: the operator is the first seed, and standing is computed at once."""
    if not queries.has_seeds():
        service.name_seed(current().id, current().id)
    return compute()


@pages.post(f"{PAGE}/seeds/<handle>/drop")
@needs_role(OPERATOR)
def drop_seed(handle: str) -> ResponseReturnValue:
    service.drop_seed(current().id, member_id(handle))
    flash(_("Seed removed. It stops counting from the next calculation."))
    return redirect(PAGE)


@pages.post(f"{PAGE}/compute")
@needs_role(OPERATOR)
def compute() -> ResponseReturnValue:
    try:
        run_id = service.begin(current().id)
    except (Conflict, Invalid) as problem:
        flash(worded(problem))
    else:
        enqueue("trust.compute_reputation", run_id=run_id)
    return redirect(PAGE)


def _page(error: str | None = None, handle: str = "") -> str:
    me = current().id
    found = queries.desk(me)
    shown = {one.member.id for one in found.seeds} | {one.member.id for one in found.top}
    return render_template(
        "trust/reputation/desk.html",
        desk=found,
        run=found.run,
        trails=trails(me, shown - {me}),
        error=error,
        handle=handle,
    )
