"""The page of what is new."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.notifications.inbox import queries, service
from app.notifications.inbox.queries import url_of
from app.people.profiles.queries import cards
from app.trust.circle.queries import trails
from app.web.guards import current, signed_in

pages = Blueprint("inbox", __name__)


@pages.get("/notifications")
@signed_in
def show() -> ResponseReturnValue:
    me = current().id
    page = queries.list_notifications(me, cursor=request.args.get("cursor"))
    actors = {one.actor_id for one in page.items if one.actor_id is not None}
    faces = cards(actors)
    entries = [(one, faces.get(one.actor_id or 0), url_of(one, faces)) for one in page.items]
    return render_template(
        "notifications/inbox/show.html",
        entries=entries,
        trails=trails(me, actors),
        unread=any(not one.read for one in page.items),
        next=page.next,
    )


@pages.post("/notifications/read")
@signed_in
def read() -> ResponseReturnValue:
    service.mark_read(current().id)
    return redirect(url_for("inbox.show"), 303)
