"""Whether others may see when I was here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.messaging.presence import queries, service
from app.web.edits import begin_with, merge, sent_base, ticked
from app.web.guards import current, signed_in

pages = Blueprint("presence", __name__)
SHOWN = "shown"


@pages.get("/settings/chat")
@signed_in
def settings() -> ResponseReturnValue:
    hidden = queries.is_hidden(current().id)
    return render_template(
        "messaging/conversations/settings.html", hidden=hidden, filled_form=begin_with({SHOWN: ticked(not hidden)})
    )


@pages.post("/settings/chat")
@signed_in
def save() -> ResponseReturnValue:
    def merged(hidden: bool) -> bool:
        now, sent = {SHOWN: ticked(not hidden)}, {SHOWN: ticked(request.form.get(SHOWN) == "1")}
        return not merge(now, sent, sent_base())[SHOWN]

    service.set_hidden(current().id, hidden=merged)
    flash(_("Saved."))
    return redirect("/settings/chat", 303)
