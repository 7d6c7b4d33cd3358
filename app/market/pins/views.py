"""The button that pins."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.ids import ListingId
from app.market.pins import service
from app.web.guards import current, safe_next, signed_in

pages = Blueprint("pins", __name__)


@pages.post("/market/<listing_id>/pin")
@signed_in
def pin(listing_id: ListingId) -> ResponseReturnValue:
    if request.form.get("keep") == "1":
        service.pin_listing(current().id, listing_id)
        flash(_("Pinned to your profile."))
    else:
        service.unpin_listing(current().id, listing_id)
        flash(_("Unpinned from your profile."))
    return redirect(safe_next(request.form.get("next"), "/market/mine"), 303)
