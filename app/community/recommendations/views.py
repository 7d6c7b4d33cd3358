"""Forms of recommendations: say it, take it back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.recommendations import queries, service
from app.kernel.errors import Invalid
from app.platform.limits import check_rate
from app.web.guards import current, signed_in

pages = Blueprint("recommendations", __name__)


@pages.post("/items/<item_id>/recommend")
@signed_in
def say(item_id: str) -> ResponseReturnValue:
    me = current().id
    check_rate(f"recommend:{me}", "60/hour")
    given = request.form
    try:
        service.recommend(
            me,
            item_id,
            given.get("stance", ""),
            text=given.get("text"),
            rating=_rating(given.get("rating")),
            disclosure=given.get("disclosure", ""),
        )
    except Invalid as problem:
        flash(problem.message, "error")
        return redirect(f"/items/{item_id}#say")
    flash(_("Thank you. People who trust you will see it."))
    return redirect(f"/items/{item_id}")


@pages.post("/recommendations/<recommendation_id>/remove")
@signed_in
def remove(recommendation_id: str) -> ResponseReturnValue:
    item_id = queries.get_said(recommendation_id).item_id
    service.take_back(current().id, recommendation_id)
    flash(_("Your recommendation is gone."))
    return redirect(f"/items/{item_id}")


def _rating(text: str | None) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError as problem:
        raise Invalid(_("A rating is from 1 to 5."), code="bad_rating") from problem
