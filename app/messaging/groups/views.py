"""Groups and open rooms: make one, find one, come and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.discovery.search.queries import search
from app.discovery.search.values import Wanted
from app.kernel.errors import DomainError, Invalid, NotFound
from app.kernel.ids import ConversationId, MemberId
from app.messaging.conversations import queries as chat
from app.messaging.conversations.service import start_conversation
from app.messaging.conversations.values import GROUP, MAX_TITLE_LENGTH
from app.messaging.groups import queries, service
from app.messaging.groups.values import MAX_ABOUT_LENGTH, MAX_PLACE_LENGTH, Candidate
from app.people.accounts.queries import find_member_id, member_id, member_ids
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.limits import check_rate
from app.platform.wording import worded
from app.trust.circle.queries import trails
from app.web.edits import ChangedMeanwhile, Filled, begin_with, give_back, merge, sent_base
from app.web.guards import current, fragment, signed_in

pages = Blueprint("groups", __name__)

SUGGESTED = 24
TITLE = "title"


@dataclass(frozen=True, slots=True)
class PeopleChoice:
    """Who is chosen for a group so far, and who is offered; `address` draws it anew."""

    address: str
    q: str
    chosen: tuple[MemberCard, ...]
    offered: tuple[Candidate, ...]


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
    if "find" in request.form:
        return redirect(url_for("groups.new_group", title=request.form.get(TITLE) or None, **_looked_for()), 303)
    if request.headers.get("HX-Request") and request.method == "GET":
        return _people_offered(_choice(me, "/messages/group"))
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
        choice=_choice(me, "/messages/group"),
        most=MAX_TITLE_LENGTH,
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
    if request.headers.get("HX-Request"):
        view = chat.get_conversation(current().id, conversation_id)
        return _people_offered(_choice(current().id, f"/messages/{view.id}/people", view.other_ids))
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
        choice=_choice(me, f"/messages/{view.id}/people", view.other_ids) if view.kind == GROUP else None,
        most=MAX_TITLE_LENGTH,
        title=typed if typed is not None else view.title or "",
        filled_form=filled_form or begin_with({TITLE: view.title or ""}),
    )


@pages.post("/messages/<conversation_id>/people")
@signed_in
def add(conversation_id: ConversationId) -> ResponseReturnValue:
    if "find" in request.form:
        back = url_for("groups.people", conversation_id=conversation_id, **_looked_for(), _anchor="add")
        return redirect(back, 303)
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


def _looked_for() -> dict[str, Any]:
    """Without a script a search is a button of the form: what was ticked goes along in the address."""
    return {"q": _typed() or None, "handle": _handles()}


def _typed() -> str:
    return request.values.get("q", "").strip().removeprefix("@")[:60]


def _choice(me: MemberId, address: str, inside: Sequence[MemberId] = ()) -> PeopleChoice:
    """Whom one may bring along: who is chosen, and of the others who goes with the words, one's circle first."""
    q = _typed()
    ids = [ident for ident in _known(_handles()) if ident != me and ident not in inside]
    faces = cards(ids)
    without = {me, *inside, *ids}
    offered = queries.people_near(me, q, without=without, limit=SUGGESTED)
    if q and len(offered) < SUGGESTED:
        check_rate(f"chat-people:{me}", "120/minute")
        seen = without.union(one.member.id for one in offered)
        others = search(me, Wanted(q=q, kind="member"), limit=SUGGESTED).members
        offered += [Candidate(one.member, one.trail) for one in others if one.member.id not in seen]
    return PeopleChoice(address, q, tuple(faces[one] for one in ids if one in faces), tuple(offered[:SUGGESTED]))


def _known(handles: list[str]) -> list[MemberId]:
    try:
        return member_ids(handles)
    except NotFound:
        return [ident for ident in map(find_member_id, handles) if ident is not None]


def _people_offered(choice: PeopleChoice) -> str:
    return render_template("messaging/conversations/_people_offered.html", choice=choice)


def _handles() -> list[str]:
    """Ticked faces, and handles that were typed."""
    typed = request.values.get("handles", "").replace(",", " ").split()
    found = [*request.values.getlist("handle"), *(one.removeprefix("@") for one in typed)]
    return list(dict.fromkeys(one.strip().lower() for one in found if one.strip()))[:60]
