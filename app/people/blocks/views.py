"""Block and unblock, and the list of whom I block."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.people.accounts.queries import member_id
from app.people.blocks import queries, service
from app.people.profiles.queries import cards
from app.web.guards import current, signed_in

pages = Blueprint("blocks", __name__)


@pages.post("/m/<handle>/block")
@signed_in
def block(handle: str) -> ResponseReturnValue:
    service.block(current().id, member_id(handle))
    flash(_("Blocked. You can’t message each other any more."))
    return redirect(f"/m/{handle}")


@pages.post("/m/<handle>/unblock")
@signed_in
def unblock(handle: str) -> ResponseReturnValue:
    service.unblock(current().id, member_id(handle))
    flash(_("Unblocked."))
    return redirect(f"/m/{handle}")


@pages.get("/settings/blocks")
@signed_in
def mine() -> ResponseReturnValue:
    ids = queries.blocked_by(current().id)
    found = cards(ids)
    return render_template("people/blocks/mine.html", members=[found[ident] for ident in ids if ident in found])
