"""Vouching from a profile page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import DomainError, NotFound
from app.people.accounts.queries import member_id
from app.platform.wording import worded
from app.trust.circle.queries import trail_to
from app.trust.vouches import queries, service
from app.trust.vouches.forms import VouchForm, form_for
from app.web.edits import ChangedMeanwhile
from app.web.guards import current, signed_in

pages = Blueprint("vouches", __name__)

# Where on the form a refusal is shown.
_FIELDS = {"bad_expiry": "until", "too_long": "reason", "vouch_budget": "strength"}


@pages.get("/vouch/<handle>")
@signed_in
def edit(handle: str) -> ResponseReturnValue:
    """The form alone, for who has no script."""
    ident = member_id(handle)
    panel = queries.panel(current().id, ident)
    if panel is None or panel.own:
        raise NotFound("This member doesn’t exist.")
    budget = queries.budget_of(current().id, besides=ident)
    return render_template(
        "trust/vouches/edit.html",
        panel=panel,
        vouch_form=form_for(panel.mine, budget),
        trail=trail_to(current().id, ident),
        budget=budget,
    )


@pages.post("/vouch/<handle>")
@signed_in
def give(handle: str) -> ResponseReturnValue:
    me, ident = current().id, member_id(handle)
    form, status = VouchForm(), 422
    if form.validate_on_submit():
        try:
            service.vouch_with(me, ident, form.merged)
        except ChangedMeanwhile as problem:
            status = problem.status
        except DomainError as refusal:
            if refusal.error_code not in _FIELDS:
                raise
            field = form[_FIELDS[refusal.error_code]]
            field.errors = [*field.errors, worded(refusal)]
        else:
            return _done(handle, _("You now vouch for them. Your circle has grown."))
    panel = queries.panel(me, ident)
    page = render_template(
        "trust/vouches/edit.html",
        panel=panel,
        vouch_form=form,
        trail=trail_to(me, ident),
        budget=queries.budget_of(me, besides=ident),
    )
    return page, status


@pages.post("/vouch/<handle>/withdraw")
@signed_in
def withdraw(handle: str) -> ResponseReturnValue:
    service.withdraw(current().id, member_id(handle))
    return _done(handle, _("You no longer vouch for them."))


def _done(handle: str, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("profiles.show", handle=handle, _anchor="vouches"))
