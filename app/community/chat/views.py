"""The pages of conversations; they work without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.chat import queries, service
from app.community.chat.values import (
    LONGEST_BODY,
    PRIVATE,
    ConversationRow,
    ConversationView,
    MessageView,
)
from app.kernel.errors import DomainError, Invalid
from app.kernel.ids import new_id
from app.kernel.subjects import Subject
from app.market.listings.queries import cards_by_id, get_listing
from app.market.listings.values import ListingCard
from app.notifications.inbox.service import mark_subject_read
from app.people.accounts.queries import member_id
from app.people.blocks.queries import is_blocked_between
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.trust.circle.queries import trails
from app.trust.circle.values import Trail
from app.web.guards import current, signed_in

pages = Blueprint("chat", __name__)

SHOWN = 50


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One line of the list of conversations."""

    row: ConversationRow
    others: tuple[MemberCard, ...]
    trail: Trail | None
    listing: ListingCard | None
    mine: bool


@pages.get("/messages")
@signed_in
def list_() -> ResponseReturnValue:
    me = current().id
    page = queries.list_conversations(me, cursor=request.args.get("cursor"))
    ids = {ident for row in page.items for ident in row.other_ids}
    faces = cards(ids)
    ways = trails(me, ids)
    listings = cards_by_id(me, [row.listing_id for row in page.items if row.listing_id])
    entries = [
        ListEntry(
            row=row,
            others=tuple(faces[ident] for ident in row.other_ids if ident in faces),
            trail=ways.get(row.other_ids[0]) if len(row.other_ids) == 1 else None,
            listing=listings.get(row.listing_id or ""),
            mine=row.last_author_id == me,
        )
        for row in page.items
    ]
    return render_template("community/chat/list.html", entries=entries, next=page.next)


@pages.get("/messages/<conversation_id>")
@signed_in
def show(conversation_id: str) -> ResponseReturnValue:
    return _conversation_page(conversation_id)


@pages.post("/messages/<conversation_id>")
@signed_in
def send(conversation_id: str) -> ResponseReturnValue:
    body = request.form.get("body", "")
    client_id = request.form.get("client_id") or new_id()
    try:
        sent = service.send_message(current().id, conversation_id, client_id, body)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        return _conversation_page(conversation_id, refusal, body), refusal.status
    return redirect(f"{url_for('chat.show', conversation_id=conversation_id)}#m{sent.seq}", 303)


@pages.post("/messages/new")
@signed_in
def new() -> ResponseReturnValue:
    """From a profile (`handle`) or a listing (`listing`, then its seller is meant)."""
    me = current().id
    handle = request.form.get("handle", "").strip()
    listing_id = request.form.get("listing", "").strip() or None
    if listing_id:
        seller = get_listing(me, listing_id).card.seller.id
        other = member_id(handle) if handle else seller
        if seller not in {me, other}:
            raise Invalid(_("This listing is somebody else’s."), code="not_the_seller")
    elif handle:
        other = member_id(handle)
    else:
        raise Invalid(_("Choose whom you want to write to."), code="nobody_else")
    ident, _created = service.start_conversation(me, [other], listing_id)
    return redirect(url_for("chat.show", conversation_id=ident), 303)


@pages.post("/messages/<conversation_id>/remove/<message_id>")
@signed_in
def remove(conversation_id: str, message_id: str) -> ResponseReturnValue:
    service.remove_message(current().id, message_id)
    return redirect(url_for("chat.show", conversation_id=conversation_id), 303)


def _conversation_page(
    conversation_id: str, refusal: DomainError | None = None, draft: str = ""
) -> str:
    me = current().id
    before = request.args.get("before", type=int)
    view = queries.get_conversation(me, conversation_id)
    messages = queries.messages_before(conversation_id, before, SHOWN)
    if before is None and view.last_seq > view.read_seq:
        service.mark_read(me, conversation_id, view.last_seq)
    mark_subject_read(me, Subject("conversation", conversation_id))
    faces = cards({me, *view.other_ids, *(one.author_id for one in messages)})
    listing = cards_by_id(me, [view.listing_id]).get(view.listing_id) if view.listing_id else None
    return render_template(
        "community/chat/show.html",
        conversation=view,
        messages=messages,
        runs=_runs(messages),
        faces=faces,
        others=[faces[ident] for ident in view.other_ids if ident in faces],
        trail=trails(me, view.other_ids).get(view.other_ids[0]) if _pair(view) else None,
        listing=listing,
        can_write=not (_pair(view) and is_blocked_between(me, view.other_ids[0])),
        earlier=messages[0].seq if messages and messages[0].seq > 1 else None,
        latest=before is None,
        client_id=new_id(),
        longest=LONGEST_BODY,
        private=view.kind == PRIVATE,
        error=refusal.message if refusal else None,
        draft=draft,
    )


def _pair(view: ConversationView) -> bool:
    return len(view.other_ids) == 1


def _runs(messages: list[MessageView]) -> set[int]:
    """The numbers at which another person begins to speak: there a face is shown."""
    starts: set[int] = set()
    for index, message in enumerate(messages):
        if index == 0 or messages[index - 1].author_id != message.author_id:
            starts.add(message.seq)
    return starts
