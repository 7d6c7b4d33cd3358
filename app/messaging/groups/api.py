"""Groups and open rooms over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.ids import ConversationId
from app.messaging.groups import queries, service
from app.messaging.groups.schemas import Added, MembersBody, Room, RoomBody, RoomsQuery
from app.messaging.groups.values import RoomView
from app.people.accounts.queries import member_id
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page

api = APIBlueprint("api_groups", __name__, url_prefix="/api/v1", tag="Chat")


@api.get("/rooms")
@operation("Open rooms by name, topic or place, the liveliest first", query=RoomsQuery, answers=Page[Room])
def list_rooms(query: RoomsQuery) -> dict[str, Any]:
    page = queries.find_rooms(caller().id, query.q, limit=query.most(), cursor=query.cursor)
    return {"items": [_room(one) for one in page.items], "next": page.next}


@api.post("/rooms")
@operation("Open a room that everybody may enter", takes=RoomBody, answers=Room, status=201, refuses=[403])
def open_room(body: RoomBody) -> ResponseReturnValue:
    me = caller().id
    ident = service.open_room(me, body.title, body.about or "", body.place or "")
    return _room(queries.get_room(me, ident)), 201


@api.post("/rooms/<room_id>/join")
@operation("Enter a room", answers=Room, refuses=[403])
def join_room(room_id: ConversationId) -> dict[str, Any]:
    service.join_room(caller().id, room_id)
    return _room(queries.get_room(caller().id, room_id))


@api.post("/conversations/<conversation_id>/members")
@operation("Bring people into a group", takes=MembersBody, answers=Added, refuses=[403])
def add_members(conversation_id: ConversationId, body: MembersBody) -> dict[str, Any]:
    others = [member_id(one) for one in body.members]
    return {"added": service.add_people(caller().id, conversation_id, others)}


@api.delete("/conversations/<conversation_id>/members/<handle>")
@operation("Send somebody away, or leave when it is oneself", answers=None, status=204, refuses=[403])
def remove_member(conversation_id: ConversationId, handle: str) -> ResponseReturnValue:
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
