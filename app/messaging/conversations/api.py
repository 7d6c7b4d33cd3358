"""Conversations over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.errors import Invalid
from app.kernel.ids import ConversationId, ListingId, MemberId, MessageId, PhotoId
from app.kernel.pagination import Offset, decode_cursor, encode_cursor
from app.market.listings.queries import get_listing
from app.messaging.conversations import changes, queries, schemas, service
from app.messaging.conversations.message_rows import payload_of
from app.messaging.conversations.values import CATCH_UP, MAX_PHOTOS, ConversationRow, ParticipantStatus
from app.people.accounts.queries import member_id
from app.people.profiles.queries import cards
from app.platform import idempotency
from app.platform.files import store_photo
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page

api = APIBlueprint("api_chat", __name__, url_prefix="/api/v1", tag="Chat")


@api.get("/conversations")
@operation(
    "My conversations, the newest message first",
    query=schemas.ConversationsQuery,
    answers=Page[schemas.Conversation],
)
def list_conversations(query: schemas.ConversationsQuery) -> dict[str, Any]:
    page = queries.list_conversations(
        caller().id,
        query.most(),
        query.cursor,
        unread=query.unread == "1",
        standings=(ParticipantStatus.INSIDE, ParticipantStatus.REQUEST),
    )
    faces = cards({ident for row in page.items for ident in row.other_ids})
    handles = {ident: card.handle for ident, card in faces.items()}
    return {"items": [_row(row, handles) for row in page.items], "next": page.next}


@api.post("/conversations")
@operation(
    "Open a conversation, or find the one that stands",
    takes=schemas.ConversationBody,
    answers=schemas.Opened,
    status=201,
    also={200: "It stood already."},
    refuses=[403, 404],
)
def open_conversation(body: schemas.ConversationBody) -> ResponseReturnValue:
    me = caller().id
    others = [member_id(handle) for handle in dict.fromkeys(body.members)]
    seller, listing_id = None, ListingId(body.listing) if body.listing else None
    if listing_id:
        seller = get_listing(me, listing_id).card.seller.id
        if seller not in {me, *others}:
            raise Invalid("The seller of this listing isn’t in this conversation.", code="not_the_seller")
    ident, created = service.start_conversation(me, others, listing_id, body.title, seller_id=seller)
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
@operation("What was said after a number, or changed after one", query=schemas.MessagesQuery, answers=schemas.Messages)
def read_messages(conversation_id: ConversationId, query: schemas.MessagesQuery) -> dict[str, Any]:
    me = caller().id
    view = queries.get_conversation(me, conversation_id)
    limit = query.most(CATCH_UP)
    after_change = query.after_change
    cursor = decode_cursor(query.cursor, str, Offset)
    if cursor is not None and cursor[0] == "change":
        after_change = cursor[1]
    if after_change is not None:
        found = queries.changed_after(conversation_id, after_change, limit + 1, reader=me)
        place = "change"
    else:
        after = cursor[1] if cursor is not None else query.after_seq or 0
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
@operation(
    "Say something; the same client_id again answers the same message",
    takes=schemas.MessageBody,
    answers=schemas.Message,
    status=201,
    also={200: "It was said already."},
    refuses=[403],
)
def post_message(conversation_id: ConversationId, body: schemas.MessageBody) -> ResponseReturnValue:
    me = caller().id
    sent = service.send_message(
        me,
        conversation_id,
        body.client_id or "",
        body.body,
        reply_to=body.reply_to,
        photos=[PhotoId(one) for one in body.photos],
    )
    return payload_of(queries.get_message(sent.id, reader=me)), 201 if sent.created else 200


@api.post("/conversations/<conversation_id>/<any(accept, decline):answer>")
@operation("Answer a request from outside the circle; a refusal is not told", answers=None, status=204, refuses=[403])
def answer_request(conversation_id: ConversationId, answer: str) -> ResponseReturnValue:
    service.answer_request(caller().id, conversation_id, accept=answer == "accept")
    return "", 204


@api.put("/conversations/<conversation_id>/muted")
@operation("Mute it, or be told again", takes=schemas.MutedBody, answers=None, status=204)
def set_muted(conversation_id: ConversationId, body: schemas.MutedBody) -> ResponseReturnValue:
    service.set_muted(caller().id, conversation_id, muted=body.muted is True)
    return "", 204


@api.post("/conversations/<conversation_id>/photos")
@operation(
    "Upload photos; a message then names them in “photos”",
    takes=schemas.MessagePhotos,
    answers=schemas.Photos,
    status=201,
    refuses=[403],
)
def upload_photos(conversation_id: ConversationId, body: schemas.MessagePhotos) -> ResponseReturnValue:
    me = caller().id
    queries.get_conversation(me, conversation_id)
    kept = [store_photo(one.stream, me).id for one in body.photos[:MAX_PHOTOS]]
    idempotency.spend()
    return {"photos": kept}, 201


@api.patch("/messages/<message_id>")
@operation(
    "Put a message differently, for 48 hours", takes=schemas.EditBody, answers=schemas.Message, refuses=[403, 409]
)
def edit_message(message_id: MessageId, body: schemas.EditBody) -> dict[str, Any]:
    return payload_of(changes.edit_message(caller().id, message_id, body.body))


@api.delete("/messages/<message_id>")
@operation("Take a message back; a mark stays", answers=None, status=204, refuses=[403])
def remove_message(message_id: MessageId) -> ResponseReturnValue:
    changes.remove_message(caller().id, message_id)
    return "", 204


@api.get("/messages/<message_id>/history")
@operation("What a message said before", answers=Page[schemas.Edit])
def read_history(message_id: MessageId) -> dict[str, Any]:
    edits = queries.edits_of(caller().id, message_id)
    return {"items": [{"body": one.body, "at": one.at.isoformat()} for one in edits], "next": None}


@api.put("/messages/<message_id>/reactions/<emoji>")
@operation("React with one of a few signs", answers=schemas.Message, refuses=[403])
def add_reaction(message_id: MessageId, emoji: str) -> dict[str, Any]:
    return payload_of(changes.react(caller().id, message_id, emoji, on=True))


@api.delete("/messages/<message_id>/reactions/<emoji>")
@operation("Take a reaction back", answers=schemas.Message, refuses=[403])
def drop_reaction(message_id: MessageId, emoji: str) -> dict[str, Any]:
    return payload_of(changes.react(caller().id, message_id, emoji, on=False))


@api.get("/messages/search")
@operation(
    "My own messages that have all the words, the newest first",
    query=schemas.MessageSearch,
    answers=Page[schemas.Message],
)
def search_messages(query: schemas.MessageSearch) -> dict[str, Any]:
    page = queries.search_messages(
        caller().id,
        query.q,
        conversation_id=ConversationId(query.conversation) if query.conversation else None,
        limit=query.most(),
        cursor=query.cursor,
    )
    return {"items": [payload_of(one.message) for one in page.items], "next": page.next}


def _row(row: ConversationRow, handles: dict[MemberId, str]) -> dict[str, Any]:
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
