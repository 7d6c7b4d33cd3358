"""Groups and open rooms: make one, find one, come and go."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import DomainError, Invalid
from app.kernel.ids import ConversationId
from app.messaging.conversations import queries as chat
from app.messaging.conversations.service import start_conversation
from app.messaging.conversations.values import GROUP, MAX_TITLE_LENGTH
from app.messaging.groups import queries, service
from app.messaging.groups.values import MAX_ABOUT_LENGTH, MAX_PLACE_LENGTH
from app.people.accounts.queries import member_id
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import circle_members, trails
from app.web.edits import ChangedMeanwhile, Filled, begin_with, give_back, merge, sent_base
from app.web.guards import current, fragment, signed_in

pages = Blueprint("groups", __name__)

SUGGESTED = 24
TITLE = "title"


@pages.get("/rooms")
@signed_in
def rooms() -> ResponseReturnValue:
    q = request.args.get("q", "").strip()[:200]
    page = queries.find_rooms(current().id, q, cursor=request.args.get("cursor"))
    return render_template("messaging/conversations/rooms.html", rooms=page.items, next=page.next, q=q)


@pages.route("/rooms/new", methods=["GET", "POST"])
@signed_in
def open_room() -> ResponseReturnValue:
    error, status = None, 200
    if request.method == "POST":
        try:
            form = request.form
            ident = service.open_room(current().id, form.get("title", ""), form.get("about", ""), form.get("place", ""))
        except DomainError as refusal:
            error, status = worded(refusal), refusal.status
        else:
            return redirect(f"/messages/{ident}", 303)
    page = render_template(
        "messaging/conversations/new_room.html",
        error=error,
        lengths=(MAX_TITLE_LENGTH, MAX_ABOUT_LENGTH, MAX_PLACE_LENGTH),
    )
    return page, status


@pages.get("/rooms/<room_id>")
@signed_in
def room(room_id: ConversationId) -> ResponseReturnValue:
    found = queries.get_room(current().id, room_id)
    if found.inside:
        return redirect(found.url)
    return render_template("messaging/conversations/room.html", room=found)


@pages.post("/rooms/<room_id>/join")
@signed_in
def join(room_id: ConversationId) -> ResponseReturnValue:
    service.join_room(current().id, room_id)
    return redirect(f"/messages/{room_id}", 303)


@pages.route("/messages/group", methods=["GET", "POST"])
@signed_in
def new_group() -> ResponseReturnValue:
    me = current().id
    error, status = None, 200
    if request.method == "POST":
        try:
            others = [member_id(handle) for handle in _handles()]
            if len(others) < 2:
                raise Invalid("Choose at least 2 people for a group.", code="nobody_else")
            ident, _created = start_conversation(me, others, title=request.form.get("title"))
        except DomainError as refusal:
            error, status = worded(refusal), refusal.status
        else:
            return redirect(f"/messages/{ident}", 303)
    page = render_template(
        "messaging/conversations/new_group.html",
        error=error,
        people=circle_members(me, SUGGESTED).members,
        most=MAX_TITLE_LENGTH,
        chosen=set(_handles()),
    )
    return page, status


@pages.get("/messages/<conversation_id>/names")
@signed_in
@fragment
def names(conversation_id: ConversationId) -> ResponseReturnValue:
    """For the script, while a mention is typed: whom it may mean. A group's people come with its page."""
    me = current().id
    chat.get_conversation(me, conversation_id)
    check_rate(f"chat-names:{me}", "120/minute")
    found = queries.people_to_mention(me, conversation_id, request.args.get("q", "")[:40])
    return render_template("messaging/conversations/_names.html", people=found)


@pages.get("/messages/<conversation_id>/people")
@signed_in
def people(conversation_id: ConversationId) -> ResponseReturnValue:
    return _people_page(conversation_id)


def _people_page(conversation_id: ConversationId, typed: str | None = None, filled_form: Filled | None = None) -> str:
    me = current().id
    view = chat.get_conversation(me, conversation_id)
    others = view.others or chat.people_beside(me, conversation_id)
    return render_template(
        "messaging/conversations/people.html",
        conversation=view,
        people=others,
        ways=trails(me, [one.card.id for one in others]),
        group=view.kind == GROUP,
        most=MAX_TITLE_LENGTH,
        title=typed if typed is not None else view.title or "",
        filled_form=filled_form or begin_with({TITLE: view.title or ""}),
    )


@pages.post("/messages/<conversation_id>/people")
@signed_in
def add(conversation_id: ConversationId) -> ResponseReturnValue:
    came = service.add_people(current().id, conversation_id, [member_id(one) for one in _handles()])
    flash(_("Added.") if came else _("They’re already in this conversation."))
    return redirect(f"/messages/{conversation_id}/people", 303)


@pages.post("/messages/<conversation_id>/people/<handle>/remove")
@signed_in
def remove(conversation_id: ConversationId, handle: str) -> ResponseReturnValue:
    service.remove_person(current().id, conversation_id, member_id(handle))
    return redirect(f"/messages/{conversation_id}/people", 303)


@pages.post("/messages/<conversation_id>/rename")
@signed_in
def rename(conversation_id: ConversationId) -> ResponseReturnValue:
    typed = request.form.get(TITLE, "")
    try:
        service.rename(
            current().id, conversation_id, lambda now: merge({TITLE: now}, {TITLE: typed}, sent_base())[TITLE]
        )
    except ChangedMeanwhile as problem:
        return _people_page(conversation_id, typed, give_back(problem, {TITLE: _("Name")})), problem.status
    return redirect(f"/messages/{conversation_id}/people", 303)


@pages.post("/messages/<conversation_id>/leave")
@signed_in
def leave(conversation_id: ConversationId) -> ResponseReturnValue:
    service.leave(current().id, conversation_id)
    flash(_("You left. You won’t get messages from there any more."))
    return redirect("/messages", 303)


def _handles() -> list[str]:
    """Ticked faces, and handles that were typed."""
    typed = request.form.get("handles", "").replace(",", " ").split()
    found = [*request.form.getlist("handle"), *(one.removeprefix("@") for one in typed)]
    return list(dict.fromkeys(one.strip().lower() for one in found if one.strip()))[:60]
