"""Rows of messages as a reader may see them, and as the API and the sockets send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select

from app.kernel.ids import MemberId
from app.messaging.conversations import statements
from app.messaging.conversations.values import MessageView, PhotoView, ReactionView, ReplyView
from app.platform.database import db
from app.platform.markup import plain_excerpt, render_markdown

EXCERPT: Final = 120
NOBODY: Final = MemberId(0)  # no member has this id: what everybody may read


def views(query: Select[Any], place: Mapping[str, Any]) -> list[MessageView]:
    """Messages as the reader may see them, with what belongs to them: two statements at most."""
    rows = list(db.session.execute(query, place))
    if not rows:
        return []
    reader = place["reader"]
    photos, reactions = _extras([row.id for row in rows if row.more], reader)
    return [_view(row, reader, photos.get(row.id, ()), reactions.get(row.id, ())) for row in rows]


def _extras(
    ids: list[str], reader: MemberId
) -> tuple[dict[str, tuple[PhotoView, ...]], dict[str, tuple[ReactionView, ...]]]:
    photos: dict[str, dict[int, PhotoView]] = {}
    given: dict[str, dict[str, list[str]]] = {}
    if not ids:
        return {}, {}
    for row in db.session.execute(statements.EXTRAS, {"ids": ids, "reader": reader}):
        if row.what == "photo":
            photos.setdefault(row.message_id, {})[row.position] = PhotoView(row.text, row.width, row.height)
        else:
            given.setdefault(row.message_id, {}).setdefault(row.text, []).append(row.handle)
    return (
        {ident: tuple(found[place] for place in sorted(found)) for ident, found in photos.items()},
        {
            ident: tuple(ReactionView(emoji, tuple(sorted(found[emoji]))) for emoji in sorted(found))
            for ident, found in given.items()
        },
    )


def _view(
    row: Any, reader: MemberId, photos: tuple[PhotoView, ...], reactions: tuple[ReactionView, ...]
) -> MessageView:
    deleted, held, hidden = row.deleted_at is not None, row.held_at is not None, bool(row.blocked)
    withheld = deleted or hidden or (held and row.author_id != reader)
    body = "" if withheld else row.body
    reply = None
    if row.reply_seq is not None and row.reply_author is not None and not withheld:
        excerpt = "" if row.reply_gone else plain_excerpt(row.reply_body, EXCERPT)
        reply = ReplyView(row.reply_seq, row.reply_author, excerpt, row.reply_author_id)
    return MessageView(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        change_seq=row.change_seq,
        client_id=row.client_id,
        author_id=row.author_id,
        author=row.handle,
        body=body,
        html=render_markdown(body),
        at=row.at,
        edited_at=row.edited_at,
        deleted=deleted,
        held=held and not deleted,
        hidden=hidden,
        card=None if withheld else row.card,
        reply=reply,
        photos=() if withheld else photos,
        reactions=() if deleted else reactions,
        signs=() if withheld else tuple(row.signs or ()),
    )


def payload_of(message: MessageView) -> dict[str, Any]:
    """A message as the API and the sockets send it."""
    reply = message.reply
    return {
        "conversation": message.conversation_id,
        "id": message.id,
        "seq": message.seq,
        "change_seq": message.change_seq,
        "client_id": message.client_id,
        "author": message.author,
        "body": message.body,
        "html": message.html,
        "at": message.at.isoformat(),
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "deleted": message.deleted,
        "held": message.held,
        "hidden": message.hidden,
        "card": dict(message.card) if message.card else None,
        "reply_to": {"seq": reply.seq, "author": reply.author, "excerpt": reply.excerpt} if reply else None,
        "photos": [
            {"id": one.id, "url": one.url, "full_url": one.full_url, "width": one.width, "height": one.height}
            for one in message.photos
        ],
        "reactions": [{"emoji": one.emoji, "members": list(one.members)} for one in message.reactions],
        "signs": list(message.signs),
    }
