"""The pages of conversations; they work without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.bounds import whole
from app.kernel.errors import DomainError, Invalid
from app.kernel.ids import ConversationId, ListingId, MemberId, MessageId, PhotoId, new_id
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.listings.queries import cards_by_id, get_listing
from app.market.listings.values import ListingCard
from app.market.offers.queries import cards_by_id as offers_by_id
from app.market.offers.values import OfferCard
from app.market.orders.queries import cards_by_id as orders_by_id
from app.market.orders.values import OrderCard
from app.messaging.conversations import changes, queries, service
from app.messaging.conversations.showing import shown
from app.messaging.conversations.values import (
    EDITABLE,
    EMOJI,
    MAX_BODY_LENGTH,
    MAX_PHOTOS,
    ROOM,
    ConversationRow,
    ConversationView,
    MessageView,
    ParticipantStatus,
)
from app.messaging.presence.queries import nearness
from app.notifications.inbox.service import mark_subject_read
from app.people.accounts.queries import member_id
from app.people.blocks.queries import blocked_by
from app.people.blocks.service import block as block_member
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.files import store_photo
from app.platform.formats import money
from app.platform.wording import worded
from app.trust.circle.queries import trails
from app.web.edits import ChangedMeanwhile, begin_with, give_back, merge, sent_base
from app.web.guards import current, fragment, signed_in

pages = Blueprint("chat", __name__)


@pages.app_template_filter("card_money")
def _card_money(data: Mapping[str, Any]) -> str:
    """The amount that a card carries, in the reader's language."""
    minor, currency = data.get("amount_minor"), data.get("currency")
    return money(Money(minor, currency)) if isinstance(minor, int) and isinstance(currency, str) else ""


SHOWN = 50
AROUND = 25


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One line of the list of conversations."""

    row: ConversationRow
    others: tuple[MemberCard, ...]
    listing: ListingCard | None
    mine: bool


@pages.get("/messages")
@signed_in
def list_() -> ResponseReturnValue:
    me = current().id
    unread = request.args.get("show") == "unread"
    page = queries.list_conversations(me, cursor=request.args.get("cursor"), unread=unread)
    beside = "beside" in request.args
    return render_template(
        f"messaging/conversations/{'_list' if beside else 'list'}.html",
        entries=_entries(me, page.items),
        next=page.next,
        tab="unread" if unread else "all",
        requests=queries.count_requests(me),
        beside=beside,
    )


@pages.get("/messages/requests")
@signed_in
def requests() -> ResponseReturnValue:
    me = current().id
    page = queries.list_conversations(me, cursor=request.args.get("cursor"), standings=(ParticipantStatus.REQUEST,))
    return render_template(
        "messaging/conversations/list.html",
        entries=_entries(me, page.items),
        next=page.next,
        tab="requests",
        requests=queries.count_requests(me),
    )


@pages.get("/messages/search")
@signed_in
def search() -> ResponseReturnValue:
    me = current().id
    q = request.args.get("q", "").strip()[:200]
    inside = request.args.get("in") or None
    place = ConversationId(inside) if inside else None
    page = queries.search_messages(me, q, conversation_id=place, cursor=request.args.get("cursor"))
    places = {one.conversation.id: one.conversation for one in page.items}
    entries = {entry.row.id: entry for entry in _entries(me, list(places.values()))}
    return render_template(
        "messaging/conversations/search.html", q=q, found=page.items, places=entries, next=page.next, inside=inside
    )


@pages.get("/messages/<conversation_id>")
@signed_in
def show(conversation_id: ConversationId) -> ResponseReturnValue:
    return _conversation_page(conversation_id)


@pages.post("/messages/<conversation_id>")
@signed_in
def send(conversation_id: ConversationId) -> ResponseReturnValue:
    me = current().id
    body = request.form.get("body", "")
    client_id = request.form.get("client_id") or new_id()
    try:
        queries.get_conversation(me, conversation_id)
        sent = service.send_message(
            me,
            conversation_id,
            client_id,
            body,
            reply_to=request.form.get("reply_to", type=int),
            photos=_uploaded(me),
        )
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        return _conversation_page(conversation_id, refusal, body), refusal.status
    return redirect(f"{url_for('chat.show', conversation_id=conversation_id)}#m{sent.seq}", 303)


@pages.post("/messages/<conversation_id>/photos")
@signed_in
def upload(conversation_id: ConversationId) -> ResponseReturnValue:
    """For the script: photos first, then the message that names them."""
    me = current().id
    queries.get_conversation(me, conversation_id)
    return jsonify(photos=_uploaded(me))


@pages.post("/messages/new")
@signed_in
def new() -> ResponseReturnValue:
    """From a profile (`handle`) or a listing (`listing`, then its seller is meant)."""
    me = current().id
    handle = request.form.get("handle", "").strip()
    listing = request.form.get("listing", "").strip()
    listing_id = ListingId(listing) if listing else None
    seller = None
    if listing_id:
        seller = get_listing(me, listing_id).card.seller.id
        other = member_id(handle) if handle else seller
        if seller not in {me, other}:
            raise Invalid("This listing belongs to someone else.", code="not_the_seller")
    elif handle:
        other = member_id(handle)
    else:
        raise Invalid("Choose who to message.", code="nobody_else")
    ident, _created = service.start_conversation(me, [other], listing_id, seller_id=seller)
    return redirect(url_for("chat.show", conversation_id=ident), 303)


@pages.post("/messages/<conversation_id>/<any(accept, decline, block):answer>")
@signed_in
def answer(conversation_id: ConversationId, answer: str) -> ResponseReturnValue:
    me = current().id
    if answer == "accept":
        service.answer_request(me, conversation_id, accept=True)
        return redirect(url_for("chat.show", conversation_id=conversation_id), 303)
    view = queries.get_conversation(me, conversation_id)
    service.answer_request(me, conversation_id, accept=False)
    if answer == "block" and view.pair and view.others:
        block_member(me, view.other_ids[0])
        last = queries.messages_before(conversation_id, None, 1)
        if last and last[0].author_id != me and not last[0].deleted:
            return redirect(f"/report/message/{last[0].id}", 303)
    return redirect(url_for("chat.requests"), 303)


@pages.post("/messages/<conversation_id>/mute")
@signed_in
def mute(conversation_id: ConversationId) -> ResponseReturnValue:
    service.set_muted(current().id, conversation_id, muted=request.form.get("muted") == "1")
    return redirect(url_for("chat.show", conversation_id=conversation_id), 303)


@pages.post("/messages/<conversation_id>/remove/<message_id>")
@signed_in
def remove(conversation_id: ConversationId, message_id: MessageId) -> ResponseReturnValue:
    changes.remove_message(current().id, message_id)
    return _row_or_page(conversation_id, message_id)


@pages.post("/messages/<conversation_id>/react/<message_id>")
@signed_in
def react(conversation_id: ConversationId, message_id: MessageId) -> ResponseReturnValue:
    on = request.values.get("on", "1") == "1"
    changes.react(current().id, message_id, request.form.get("emoji", ""), on=on)
    return _row_or_page(conversation_id, message_id)


@pages.route("/messages/<conversation_id>/edit/<message_id>", methods=["GET", "POST"])
@signed_in
def edit(conversation_id: ConversationId, message_id: MessageId) -> ResponseReturnValue:
    me = current().id
    view = queries.get_conversation(me, conversation_id)
    message = queries.get_message_of(me, message_id)
    changes.check_editable(me, message)
    draft, error, status = message.body, None, 200
    filled_form = begin_with({"body": message.body})
    if request.method == "POST":
        draft = request.form.get("body", "")
        try:
            changes.edit_message(me, message_id, lambda now: merge({"body": now}, {"body": draft}, sent_base())["body"])
        except ChangedMeanwhile as problem:
            filled_form, status = give_back(problem, {"body": _("Message")}), problem.status
        except DomainError as refusal:
            error, status = worded(refusal), refusal.status
        else:
            return _row_or_page(view.id, message_id)
    # In its row, by script; without one the form is a page of its own.
    place = "_edit" if request.headers.get("HX-Request") else "edit"
    return (
        render_template(
            f"messaging/conversations/{place}.html",
            conversation=view,
            message=message,
            draft=draft,
            filled_form=filled_form,
            error=error,
            longest=MAX_BODY_LENGTH,
        ),
        status,
    )


@pages.get("/messages/<conversation_id>/history/<message_id>")
@signed_in
def history(conversation_id: ConversationId, message_id: MessageId) -> ResponseReturnValue:
    me = current().id
    message = queries.get_message_of(me, message_id)
    return render_template(
        "messaging/conversations/history.html",
        conversation_id=conversation_id,
        message=message,
        edits=queries.edits_of(me, message_id),
        face=cards([message.author_id]).get(message.author_id),
        trail=trails(me, [message.author_id]).get(message.author_id),
        mine=message.author_id == me,
    )


@pages.get("/messages/<conversation_id>/row/<int:seq>")
@signed_in
@fragment
def row(conversation_id: ConversationId, seq: int) -> ResponseReturnValue:
    """One message as the page shows it, for the script: cards, photos, quotes and signs are drawn here only."""
    me = current().id
    queries.get_conversation(me, conversation_id)
    message = queries.find_message_at(conversation_id, seq, reader=me)
    if message is None:
        return "", 404
    return _row(conversation_id, message)


def _row_or_page(conversation_id: ConversationId, message_id: MessageId) -> ResponseReturnValue:
    message = queries.get_message_of(current().id, message_id)
    if request.headers.get("HX-Request"):
        return _row(message.conversation_id, message)
    return redirect(f"/messages/{conversation_id}#m{message.seq}", 303)


def _row(conversation_id: ConversationId, message: MessageView) -> str:
    me = current().id
    view = queries.get_conversation(me, conversation_id)
    before = queries.find_message_at(conversation_id, message.seq - 1, reader=me)
    rows = shown(me, view, [one for one in (before, message) if one is not None])
    return render_template(
        "messaging/conversations/_row.html",
        one=rows[-1],
        conversation=view,
        emoji=EMOJI,
        deals=_deals(me, [message]),
    )


def _conversation_page(conversation_id: ConversationId, refusal: DomainError | None = None, draft: str = "") -> str:
    me = current().id
    view = queries.get_conversation(me, conversation_id)
    at = request.args.get("at", type=whole)
    before = request.args.get("before", type=whole) or (at + AROUND if at else None)
    if before is not None and before > view.last_seq:
        before = None
    messages = queries.messages_before(conversation_id, before, SHOWN, reader=me)
    inside = view.standing == ParticipantStatus.INSIDE
    if before is None and inside and (view.last_seq > view.read_seq or view.first_unread is not None):
        service.mark_read(me, conversation_id, view.last_seq)
    mark_subject_read(me, Subject("conversation", conversation_id))
    ways = trails(me, view.other_ids) if view.pair else {}
    listing = cards_by_id(me, [view.listing_id], sold=True).get(view.listing_id) if view.listing_id else None
    reply = request.args.get("reply", type=whole)
    return render_template(
        "messaging/conversations/show.html",
        conversation=view,
        rows=shown(me, view, messages),
        deals=_deals(me, messages),
        others=[one.card for one in view.others],
        trail=ways.get(view.other_ids[0]) if view.pair and view.others else None,
        near=nearness(view.others[0].seen_at) if view.in_touch else None,
        listing=listing,
        inside=inside,
        can_write=inside and not view.blocked and not (view.waiting and view.last_seq > 0),
        earlier=messages[0].seq if messages and messages[0].seq > 1 else None,
        latest=before is None,
        last=messages[-1].seq if messages else 0,
        unread_from=(request.args.get("new", type=whole) or view.first_unread) if inside else None,
        client_id=new_id(),
        longest=MAX_BODY_LENGTH,
        edit_for=int(EDITABLE.total_seconds()),
        most_photos=MAX_PHOTOS,
        emoji=EMOJI,
        answered=queries.find_message_at(conversation_id, reply, reader=me) if reply else None,
        blocked=_blocked(me, view),
        names={one.card.handle: one.card.name for one in view.others},
        mentionable=[one.card for one in view.others if one.standing == ParticipantStatus.INSIDE and not one.blocked],
        error=worded(refusal) if refusal else None,
        draft=draft,
    )


def _deals(me: MemberId, messages: Sequence[MessageView]) -> dict[str, OfferCard | OrderCard]:
    """The offers and orders that cards speak of, as they are now: an old card has no button that does nothing."""
    named = [one.card.get("subject") or {} for one in messages if one.card]
    ids: dict[str, list[str]] = {kind: [one["id"] for one in named if one.get("kind") == kind] for kind in _DEALS}
    return {ident: card for kind, find in _DEALS.items() for ident, card in find(me, ids[kind]).items()}


_DEALS: Final[Mapping[str, Callable[[MemberId, list[str]], Mapping[str, OfferCard | OrderCard]]]] = {
    "offer": offers_by_id,
    "order": orders_by_id,
}


def _entries(me: MemberId, found: Sequence[ConversationRow]) -> list[ListEntry]:
    ids = {ident for row in found for ident in row.other_ids[:8]}
    faces = cards(ids | {row.last_author_id for row in found if row.last_author_id})
    listings = cards_by_id(me, [row.listing_id for row in found if row.listing_id], sold=True)
    return [
        ListEntry(
            row=row,
            others=tuple(faces[ident] for ident in row.other_ids[:8] if ident in faces),
            listing=listings.get(row.listing_id or ""),
            mine=row.last_author_id == me,
        )
        for row in found
    ]


def _blocked(me: MemberId, view: ConversationView) -> list[str]:
    """Whose words the script has to leave to the server; a room's people are not on the page."""
    if view.kind != ROOM:
        return [one.card.handle for one in view.others if one.blocked]
    mine = blocked_by(me)
    return [card.handle for card in cards(mine).values()] if mine else []


def _uploaded(me: MemberId) -> list[PhotoId]:
    files = [one for one in request.files.getlist("photos") if one.filename]
    if len(files) > MAX_PHOTOS:
        raise Invalid("A message can have up to %(most)s photos.", code="too_many_photos", most=MAX_PHOTOS)
    return [store_photo(one.stream, me).id for one in files]
