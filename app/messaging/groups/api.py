"""Groups and open rooms over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import Invalid
from app.messaging.groups import queries, service
from app.messaging.groups.values import RoomView
from app.people.accounts.queries import member_id
from app.web.api import api_auth, body, caller, text_field
from app.web.pagination import limit_of

api = APIBlueprint("api_groups", __name__, url_prefix="/api/v1", tag="Chat")


@api.get("/rooms")
@api.doc(summary="Open rooms by name, topic or place, the liveliest first", security="token")
@api_auth
def list_rooms() -> dict[str, Any]:
    page = queries.find_rooms(
        caller().id,
        request.args.get("q", "")[:200],
        limit=limit_of(request.args.get("limit")),
        cursor=request.args.get("cursor"),
    )
    return {"items": [_room(one) for one in page.items], "next": page.next}


@api.post("/rooms")
@api.doc(summary="Open a room that everybody may enter", security="token")
@api_auth
def open_room() -> ResponseReturnValue:
    data = body()
    ident = service.open_room(
        caller().id,
        text_field(data, "title", required=True) or "",
        text_field(data, "about") or "",
        text_field(data, "place") or "",
    )
    return _room(queries.get_room(caller().id, ident)), 201


@api.post("/rooms/<room_id>/join")
@api.doc(summary="Enter a room", security="token")
@api_auth
def join_room(room_id: str) -> dict[str, Any]:
    service.join_room(caller().id, room_id)
    return _room(queries.get_room(caller().id, room_id))


@api.post("/conversations/<conversation_id>/members")
@api.doc(summary="Bring people into a group", security="token")
@api_auth
def add_members(conversation_id: str) -> dict[str, Any]:
    handles = body().get("members")
    if not isinstance(handles, list) or not all(isinstance(one, str) for one in handles):
        raise Invalid(_("“members” must be a list of handles."), code="bad_field")
    return {
        "added": service.add_people(caller().id, conversation_id, [member_id(one) for one in handles])
    }


@api.delete("/conversations/<conversation_id>/members/<handle>")
@api.doc(summary="Send somebody away, or leave when it is oneself", security="token")
@api_auth
def remove_member(conversation_id: str, handle: str) -> ResponseReturnValue:
    me, other = caller().id, member_id(handle)
    if other == me:
        service.leave(me, conversation_id)
    else:
        service.remove_person(me, conversation_id, other)
    return "", 204


def _room(one: RoomView) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "about": one.about,
        "place": one.place,
        "people": one.people,
        "inside": one.inside,
        "trusted": one.trusted,
        "path": one.trail.handles if one.trail else None,
    }
