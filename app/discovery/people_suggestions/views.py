"""People to meet, and my circle as a picture."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.discovery.people_suggestions import queries, service
from app.people.accounts.queries import member_id
from app.people.profiles.queries import cards
from app.trust.circle import queries as circles
from app.trust.vouches.queries import vouch_between
from app.web.guards import current, fragment, safe_next, signed_in

pages = Blueprint("people", __name__)


@pages.get("/people")
@signed_in
def suggested() -> ResponseReturnValue:
    me = current().id
    return render_template(
        "discovery/people_suggestions/suggested.html",
        people=queries.people_to_meet(me),
        muted=queries.muted_faces(me),
        allowed=queries.may_be_suggested(me),
    )


@pages.post("/people/wish")
@signed_in
def wish() -> ResponseReturnValue:
    allowed = request.form.get("allowed") == "1"
    service.wish_to_be_suggested(current().id, allowed=allowed)
    flash(_("You can now be suggested to others.") if allowed else _("You won’t be suggested to others."))
    return redirect("/people", 303)


@pages.post("/people/<handle>/not-now")
@signed_in
def not_now(handle: str) -> ResponseReturnValue:
    service.put_off(current().id, member_id(handle))
    return _back()


@pages.post("/people/<handle>/mute")
@signed_in
def mute(handle: str) -> ResponseReturnValue:
    service.mute(current().id, member_id(handle))
    flash(_("Muted. Their posts won’t appear in your feed. They won’t know."))
    return _back()


@pages.post("/people/<handle>/unmute")
@signed_in
def unmute(handle: str) -> ResponseReturnValue:
    service.unmute(current().id, member_id(handle))
    flash(_("Unmuted. Their posts appear in your feed again."))
    return _back()


@pages.get("/circle/picture")
@signed_in
def picture() -> ResponseReturnValue:
    return render_template("discovery/people_suggestions/picture.html", picture=queries.picture(current().id))


@pages.get("/circle/picture.json")
@signed_in
@fragment
def picture_data() -> ResponseReturnValue:
    return jsonify(queries.picture(current().id).as_json())


@pages.get("/circle/picture/<handle>")
@signed_in
def person(handle: str) -> ResponseReturnValue:
    """Why somebody is in the picture, and what I can do; within a page, the content of its dialog."""
    me, ident = current().id, member_id(handle)
    inside = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render_template(
        "discovery/people_suggestions/_person.html" if inside else "discovery/people_suggestions/person.html",
        member=cards([ident])[ident],
        explanation=circles.explain(me, ident),
        own=me == ident,
        mine=vouch_between(me, ident),
        muted=queries.is_muted(me, ident),
    )


def _back() -> ResponseReturnValue:
    return redirect(safe_next(request.form.get("next"), "/people"), 303)
