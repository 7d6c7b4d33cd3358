"""The page of what is new, and the way from a line to its thing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.ids import MemberId
from app.notifications.inbox import queries, service
from app.notifications.inbox.queries import url_of
from app.notifications.inbox.rules import subject_of
from app.notifications.inbox.values import Folded
from app.notifications.inbox.words import sentence
from app.notifications.kinds.values import kind_named
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.trust.circle.queries import trails
from app.trust.circle.values import Trail
from app.web.frame import badges, viewer
from app.web.guards import current, signed_in

pages = Blueprint("inbox", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the inbox, ready to be drawn."""

    of: Folded
    said: str
    icon: str
    faces: tuple[MemberCard, ...]
    trail: Trail | None


@pages.get("/notifications")
@signed_in
def show() -> ResponseReturnValue:
    me = current().id
    page = queries.list_lines(me, cursor=request.args.get("cursor"))
    actors = {ident for line in page.items for ident in line.actor_ids}
    faces = cards(actors)
    ways = trails(me, {line.actor_ids[0] for line in page.items if line.actor_ids})
    return render_template(
        "notifications/inbox/show.html",
        lines=[_line(one, faces, ways) for one in page.items],
        unread=any(not one.read for one in page.items),
        next=page.next,
    )


@pages.get("/notifications/<ident>")
@signed_in
def follow(ident: str) -> ResponseReturnValue:
    """To the thing; on the way the line is marked as read, unless a browser only looks ahead."""
    me = current().id
    found = queries.get_notification(me, ident)
    if not _looks_ahead():
        service.mark_line_read(me, ident)
    faces = cards([found.actor_id] if found.actor_id else [])
    url = url_of(found, faces)
    if found.data.get("text"):
        names = [face.name for face in faces.values()]
        return render_template(
            "notifications/inbox/letter.html",
            one=found,
            said=sentence(found.kind, names, 1),
            icon_name=kind_named(found.kind).icon,
            url=url,
        )
    return redirect(url, 303)


@pages.post("/notifications/read")
@signed_in
def read() -> ResponseReturnValue:
    service.mark_read(current().id)
    return redirect(url_for("inbox.show"), 303)


@pages.after_app_request
def seen(response: Response) -> Response:
    """Whoever opens the page of a thing has seen what was told of it.

    Asked only when something is unread, which the page's badge has found out already.
    """
    if request.method != "GET" or response.status_code != 200 or _looks_ahead():
        return response
    subject = subject_of(request.path)
    if subject is None or "kin_badges" not in g or not badges().get("notifications"):
        return response
    who = viewer()
    if who is not None:
        service.mark_subject_read(who.id, subject)
    return response


def _looks_ahead() -> bool:
    """A browser that loads a page before anybody asked for it says so."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in purpose or "prerender" in purpose


def _line(one: Folded, faces: dict[MemberId, MemberCard], ways: dict[MemberId, Trail]) -> Line:
    shown = tuple(faces[ident] for ident in one.actor_ids if ident in faces)
    said = sentence(one.newest.kind, [face.name for face in shown], one.people)
    trail = ways.get(one.actor_ids[0]) if one.actor_ids else None
    return Line(one, said, kind_named(one.newest.kind).icon, shown, trail)
