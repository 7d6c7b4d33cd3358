"""Whether others may see when I was here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.messaging.presence import queries, service
from app.web.guards import current, signed_in

pages = Blueprint("presence", __name__)


@pages.get("/settings/chat")
@signed_in
def settings() -> ResponseReturnValue:
    return render_template("messaging/conversations/settings.html", hidden=queries.is_hidden(current().id))


@pages.post("/settings/chat")
@signed_in
def save() -> ResponseReturnValue:
    service.set_hidden(current().id, hidden=request.form.get("shown") != "1")
    flash(_("Saved."))
    return redirect("/settings/chat", 303)
