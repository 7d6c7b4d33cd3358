"""Conversations over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.bounds import whole
from app.kernel.errors import Invalid
from app.market.listings.queries import get_listing
from app.messaging.conversations import changes, queries, service
from app.messaging.conversations.message_rows import payload_of
from app.messaging.conversations.values import CATCH_UP, MAX_PHOTOS, ConversationRow, ParticipantStatus
from app.people.accounts.queries import member_id
from app.people.profiles.queries import cards
from app.platform.files import store_photo
from app.web.api import api_auth, body, caller, text_field
from app.web.pagination import Offset, decode_cursor, encode_cursor, limit_of

api = APIBlueprint("api_chat", __name__, url_prefix="/api/v1", tag="Chat")


@api.get("/conversations")
@api.doc(summary="My conversations, the newest message first", security="token")
@api_auth
def list_conversations() -> dict[str, Any]:
    me = caller().id
    limit = limit_of(request.args.get("limit"))
    page = queries.list_conversations(
        me,
        limit,
        request.args.get("cursor"),
        unread=request.args.get("unread") == "1",
        standings=(ParticipantStatus.INSIDE, ParticipantStatus.REQUEST),
    )
    faces = cards({ident for row in page.items for ident in row.other_ids})
    handles = {ident: card.handle for ident, card in faces.items()}
    return {"items": [_row(row, handles) for row in page.items], "next": page.next}


@api.post("/conversations")
@api.doc(summary="Open a conversation, or find the one that stands", security="token")
@api_auth
def open_conversation() -> ResponseReturnValue:
    me = caller().id
    data = body()
    handles = data.get("members")
    if not isinstance(handles, list) or not all(isinstance(one, str) for one in handles):
        raise Invalid(_("“members” must be a list of handles."), code="bad_field")
    others = [member_id(handle) for handle in dict.fromkeys(handles)]
    listing_id = text_field(data, "listing")
    seller = None
    if listing_id:
        seller = get_listing(me, listing_id).card.seller.id
        if seller not in {me, *others}:
            raise Invalid(_("The seller of the listing does not take part."), code="not_the_seller")
    ident, created = service.start_conversation(
        me, others, listing_id, text_field(data, "title"), seller_id=seller
    )
    view = queries.get_conversation(me, ident)
    answer = {
        "id": view.id,
        "kind": view.kind,
        "title": view.title,
        "listing": view.listing_id,
        "members": sorted(card.handle for card in cards([me, *view.other_ids]).values()),
        "seq": view.last_seq,
        "change_seq": view.last_change_seq,
    }
    return answer, 201 if created else 200, {"Location": f"/api/v1/conversations/{ident}/messages"}


@api.get("/conversations/<conversation_id>/messages")
@api.doc(summary="What was said after a number, or changed after one", security="token")
@api_auth
def read_messages(conversation_id: str) -> dict[str, Any]:
    me = caller().id
    view = queries.get_conversation(me, conversation_id)
    limit = limit_of(request.args.get("limit"), CATCH_UP)
    after_change = _number("after_change")
    cursor = decode_cursor(request.args.get("cursor"), str, Offset)
    if cursor is not None and cursor[0] == "change":
        after_change = cursor[1]
    if after_change is not None:
        found = queries.changed_after(conversation_id, after_change, limit + 1, reader=me)
        place = "change"
    else:
        after = cursor[1] if cursor is not None else _number("after_seq") or 0
        found = queries.messages_after(conversation_id, after, limit + 1, reader=me)
        place = "seq"
    more = len(found) > limit
    items = found[:limit]
    last = (items[-1].change_seq if place == "change" else items[-1].seq) if items else 0
    return {
        "items": [payload_of(one) for one in items],
        "next": encode_cursor(place, last) if more else None,
        "seq": view.last_seq,
        "change_seq": view.last_change_seq,
    }


@api.post("/conversations/<conversation_id>/messages")
@api.doc(summary="Say something; the same client_id again answers the same message", security="token")
@api_auth
def post_message(conversation_id: str) -> ResponseReturnValue:
    data = body()
    text = data.get("body")
    if not isinstance(text, str):
        raise Invalid(_("“body” must be a text."), code="bad_field")
    me = caller().id
    sent = service.send_message(
        me,
        conversation_id,
        text_field(data, "client_id") or "",
        text,
        reply_to=_whole(data, "reply_to"),
        photos=_ids(data, "photos"),
    )
    return payload_of(queries.get_message(sent.id, reader=me)), 201 if sent.created else 200


@api.post("/conversations/<conversation_id>/<any(accept, decline):answer>")
@api.doc(summary="Answer a request from outside the circle; a refusal is not told", security="token")
@api_auth
def answer_request(conversation_id: str, answer: str) -> ResponseReturnValue:
    service.answer_request(caller().id, conversation_id, accept=answer == "accept")
    return "", 204


@api.put("/conversations/<conversation_id>/muted")
@api.doc(summary="Mute it, or be told again", security="token")
@api_auth
def set_muted(conversation_id: str) -> ResponseReturnValue:
    service.set_muted(caller().id, conversation_id, muted=body().get("muted") is True)
    return "", 204


@api.post("/conversations/<conversation_id>/photos")
@api.doc(summary="Upload photos; a message then names them in “photos”", security="token")
@api_auth
def upload_photos(conversation_id: str) -> ResponseReturnValue:
    me = caller().id
    queries.get_conversation(me, conversation_id)
    files = [one for one in request.files.getlist("photos") if one.filename][:MAX_PHOTOS]
    return {"photos": [store_photo(one.stream, me).id for one in files]}, 201


@api.patch("/messages/<message_id>")
@api.doc(summary="Put a message differently, for 48 hours", security="token")
@api_auth
def edit_message(message_id: str) -> dict[str, Any]:
    text = body().get("body")
    if not isinstance(text, str):
        raise Invalid(_("“body” must be a text."), code="bad_field")
    return payload_of(changes.edit_message(caller().id, message_id, text))


@api.delete("/messages/<message_id>")
@api.doc(summary="Take a message back; a mark stays", security="token")
@api_auth
def remove_message(message_id: str) -> ResponseReturnValue:
    changes.remove_message(caller().id, message_id)
    return "", 204


@api.get("/messages/<message_id>/history")
@api.doc(summary="What a message said before", security="token")
@api_auth
def read_history(message_id: str) -> dict[str, Any]:
    edits = queries.edits_of(caller().id, message_id)
    return {"items": [{"body": one.body, "at": one.at.isoformat()} for one in edits], "next": None}


@api.put("/messages/<message_id>/reactions/<emoji>")
@api.doc(summary="React with one of a few signs", security="token")
@api_auth
def add_reaction(message_id: str, emoji: str) -> dict[str, Any]:
    return payload_of(changes.react(caller().id, message_id, emoji, on=True))


@api.delete("/messages/<message_id>/reactions/<emoji>")
@api.doc(summary="Take a reaction back", security="token")
@api_auth
def drop_reaction(message_id: str, emoji: str) -> dict[str, Any]:
    return payload_of(changes.react(caller().id, message_id, emoji, on=False))


@api.get("/messages/search")
@api.doc(summary="My own messages that have all the words, the newest first", security="token")
@api_auth
def search_messages() -> dict[str, Any]:
    page = queries.search_messages(
        caller().id,
        request.args.get("q", "")[:200],
        conversation_id=request.args.get("conversation"),
        limit=limit_of(request.args.get("limit")),
        cursor=request.args.get("cursor"),
    )
    return {"items": [payload_of(one.message) for one in page.items], "next": page.next}


def _row(row: ConversationRow, handles: dict[int, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "listing": row.listing_id,
        "members": [handles[ident] for ident in row.other_ids if ident in handles],
        "seq": row.last_seq,
        "unread": row.unread,
        "request": row.standing == ParticipantStatus.REQUEST,
        "muted": row.muted,
        "last_at": row.last_at.isoformat(),
        "excerpt": row.last_text,
    }


def _number(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    try:
        number = whole(text)
        if number < 0:
            raise ValueError(text)
        return number
    except ValueError as problem:
        raise Invalid(_("“%(name)s” must be a number.", name=name), code="bad_number") from problem


def _whole(data: dict[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise Invalid(_("“%(name)s” must be a number.", name=name), code="bad_number")
    return value


def _ids(data: dict[str, Any], name: str) -> list[str]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) and one.isalnum() for one in value):
        raise Invalid(_("“%(name)s” must be a list of ids.", name=name), code="bad_field")
    return value
