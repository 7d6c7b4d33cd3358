"""The invitation's page, and the member's own link."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import NotFound
from app.people.invites import queries, service
from app.people.profiles.queries import profile
from app.web.frame import viewer
from app.web.guards import current, signed_in

pages = Blueprint("invites", __name__)


@pages.get("/i/<code>")
def invitation(code: str) -> ResponseReturnValue:
    inviter_id = queries.find_inviter_id(code)
    if inviter_id is None:
        raise NotFound("This invitation no longer works. Ask for a new one.")
    inviter = profile(inviter_id)
    own = (who := viewer()) is not None and who.id == inviter_id
    return render_template("people/invites/invitation.html", inviter=inviter, code=code, own=own)


@pages.get("/settings/invite")
@signed_in
def mine() -> ResponseReturnValue:
    code = queries.find_code(current().id) or service.invite_code(current().id)
    link = f"{current_app.config['KIN'].public_url}/i/{code}"
    return render_template("people/invites/mine.html", link=link)


@pages.post("/settings/invite/renew")
@signed_in
def renew() -> ResponseReturnValue:
    service.renew_invite(current().id)
    flash(_("Here’s your new link. The old one no longer works."))
    return redirect("/settings/invite")
