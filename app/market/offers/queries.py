"""Offers as the two see them, and what the listing's page says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ScalarSelect, and_, func, or_, select

from app.kernel.errors import NotFound
from app.kernel.ids import ConversationId, ListingId, MemberId, OfferId, is_id
from app.kernel.money import Money
from app.kernel.pagination import decode_cursor, encode_cursor
from app.kernel.viewer import Viewer
from app.market.listings.models import Listing
from app.market.listings.values import ListingCard, ListingKind, Status
from app.market.offers import rules
from app.market.offers.models import Offer, OfferItemRow, OfferStep, OfferTerms
from app.market.offers.values import (
    OfferCard,
    OfferDetail,
    OfferItem,
    OfferStepView,
    Side,
    State,
    Verb,
)
from app.market.orders.models import Order
from app.market.orders.queries import made_by
from app.market.orders.values import Stage
from app.messaging.conversations.queries import people_about
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db

KIND = "offer"
SOLD_ALIKE = 40  # the last so many things sold, to suggest an amount by


def get_offer(viewer_id: MemberId, offer_id: OfferId) -> OfferDetail:
    """All of one offer with what the viewer may do; raises `NotFound` to whoever is none of the two."""
    row = get_row(viewer_id, offer_id)
    steps = steps_of([offer_id]).get(offer_id, [])
    people = cards([row.buyer_id, row.seller_id])
    items = items_of([offer_id]).get(offer_id, [])
    return OfferDetail(
        card=_card(row, viewer_id, people, items, steps),
        buyer_id=row.buyer_id,
        seller_id=row.seller_id,
        delivery=row.delivery,
        payment=row.payment,
        address=row.address,
        steps=[_step_view(step, row.currency) for step in steps],
        orders=made_by(KIND, offer_id) if row.state == State.ACCEPTED.value else [],
    )


def offers_of(
    viewer_id: MemberId, role: Side, *, limit: int = 24, cursor: str | None = None
) -> tuple[list[OfferCard], str | None]:
    """A page of the offers that the viewer made or got, the newest first, and the cursor of the next."""
    mine = Offer.buyer_id if role is Side.BUYER else Offer.seller_id
    query = select(Offer).where(mine == viewer_id).order_by(Offer.id.desc()).limit(limit + 1)
    key = decode_cursor(cursor, str)
    if key is not None:
        query = query.where(Offer.id < key[0])
    rows = list(db.session.scalars(query))
    shown = rows[:limit]
    return _cards(shown, viewer_id), encode_cursor(shown[-1].id) if len(rows) > limit else None


def cards_by_id(viewer_id: MemberId, ids: Iterable[str]) -> dict[str, OfferCard]:
    """Those of these offers in which the viewer takes part, as they are now."""
    wanted = sorted({one for one in ids if is_id(one)})
    if not wanted:
        return {}
    theirs = or_(Offer.buyer_id == viewer_id, Offer.seller_id == viewer_id)
    rows = list(db.session.scalars(select(Offer).where(Offer.id.in_(wanted), theirs)))
    return {card.id: card for card in _cards(rows, viewer_id)}


def open_about(viewer_id: MemberId, listing_id: ListingId, *, limit: int = 5) -> list[OfferCard]:
    """The viewer's open offers for a listing: made by them, or to them; the newest first."""
    query = (
        select(Offer)
        .join(OfferItemRow, OfferItemRow.offer_id == Offer.id)
        .where(
            OfferItemRow.listing_id == listing_id,
            OfferItemRow.open,
            or_(Offer.buyer_id == viewer_id, Offer.seller_id == viewer_id),
        )
        .order_by(Offer.id.desc())
        .limit(limit)
    )
    return _cards(list(db.session.scalars(query)), viewer_id)


def open_ids_about(listing_id: ListingId) -> list[OfferId]:
    """All open offers for a listing, whoever made them, in order."""
    query = select(OfferItemRow.offer_id).where(OfferItemRow.listing_id == listing_id, OfferItemRow.open)
    return list(db.session.scalars(query.order_by(OfferItemRow.offer_id)))


def open_ids_between(one: MemberId, other: MemberId) -> list[OfferId]:
    """All open offers of one of the two to the other."""
    either = or_(
        and_(Offer.buyer_id == one, Offer.seller_id == other),
        and_(Offer.buyer_id == other, Offer.seller_id == one),
    )
    query = select(Offer.id).where(Offer.state == State.OPEN.value, either)
    return list(db.session.scalars(query.order_by(Offer.id)))


def overdue(now: datetime, *, most: int = 200) -> list[OfferId]:
    """Open ones whose time is over, the longest first."""
    query = select(Offer.id).where(Offer.state == State.OPEN.value, Offer.ends_at <= now)
    return list(db.session.scalars(query.order_by(Offer.ends_at).limit(most)))


def to_remind(now: datetime, *, most: int = 200) -> list[OfferId]:
    """Open ones of whose end somebody should hear now."""
    query = select(Offer.id).where(Offer.state == State.OPEN.value, Offer.remind_at <= now)
    return list(db.session.scalars(query.order_by(Offer.remind_at).limit(most)))


def people_of(offer_id: OfferId) -> tuple[MemberId, MemberId] | None:
    """Buyer and seller, whoever asks."""
    row = find_row(offer_id)
    return (row.buyer_id, row.seller_id) if row else None


def conversation_of(offer_id: OfferId) -> ConversationId | None:
    """Where the two talk about it."""
    row = find_row(offer_id)
    return row.conversation_id if row else None


def title_of(offer_id: OfferId) -> str | None:
    """What the offer is about: the first thing."""
    items = items_of([offer_id]).get(offer_id)
    return items[0].title if items else None


def get_row(viewer_id: MemberId, offer_id: OfferId, *, lock: bool = False) -> Offer:
    """The row, for one of the two; `lock`: until the end of the transaction."""
    found = find_row(offer_id, lock=lock)
    if found is None or viewer_id not in (found.buyer_id, found.seller_id):
        raise NotFound("This offer doesn’t exist.")
    return found


def find_row(offer_id: OfferId, *, lock: bool = False) -> Offer | None:
    """The row, whoever asks."""
    if not is_id(offer_id):
        return None
    return db.session.get(Offer, offer_id, populate_existing=True, with_for_update=lock or None)


def side_of(row: Offer, member_id: MemberId) -> Side:
    """On which side the member is."""
    return Side.BUYER if row.buyer_id == member_id else Side.SELLER


def steps_of(ids: Sequence[OfferId]) -> Mapping[OfferId, list[OfferStep]]:
    """The history of these offers, in one statement."""
    found: dict[OfferId, list[OfferStep]] = {}
    query = select(OfferStep).where(OfferStep.offer_id.in_(ids)).order_by(OfferStep.offer_id, OfferStep.seq)
    for row in db.session.scalars(query) if ids else ():
        found.setdefault(row.offer_id, []).append(row)
    return found


def items_of(ids: Sequence[OfferId]) -> Mapping[OfferId, list[OfferItem]]:
    """What these offers are about, in one statement."""
    found: dict[OfferId, list[OfferItem]] = {}
    query = (
        select(OfferItemRow, Listing.title, Listing.cover_id, Offer.currency)
        .join(Listing, Listing.id == OfferItemRow.listing_id)
        .join(Offer, Offer.id == OfferItemRow.offer_id)
        .where(OfferItemRow.offer_id.in_(ids))
        .order_by(OfferItemRow.offer_id, OfferItemRow.position)
    )
    for row, title, cover_id, currency in db.session.execute(query) if ids else ():
        found.setdefault(row.offer_id, []).append(
            OfferItem(
                listing_id=row.listing_id,
                title=title,
                photo_id=cover_id,
                asked=Money(row.asked_minor, currency),
                quantity=row.quantity,
            )
        )
    return found


def table_of(row: Offer, steps: Sequence[OfferStep]) -> rules.Table:
    """Where the two stand."""
    bids = {
        one.seq: rules.Bid(one.seq, Side(one.side), one.amount_minor, one.parent)
        for one in steps
        if one.amount_minor is not None
    }
    return rules.Table(state=State(row.state), asked=row.asked, bids=rules.standing(bids, row.bid))


def accept_from(listing_id: ListingId) -> Money | None:
    """From which amount on the seller says yes beforehand."""
    found = db.session.get(OfferTerms, listing_id, populate_existing=True)
    return found.accept_from if found else None


def sold_alike(card: ListingCard) -> list[int]:
    """For how much things like this were sold lately: same category and condition, a price not far from it."""
    if card.price is None:
        return []
    like = (
        select(Listing.id)
        .where(
            Listing.status == Status.SOLD.value,
            Listing.category == card.category,
            Listing.currency == card.price.currency,
            Listing.condition == card.condition,
            Listing.price_minor.between(card.price.minor // 2, card.price.minor * 2),
        )
        .order_by(Listing.id.desc())
        .limit(SOLD_ALIKE)
        .subquery()
    )
    query = (
        select(Order.total_minor)
        .join(like, and_(Order.thing_kind == "listing", Order.thing_id == like.c.id))
        .where(Order.stage != Stage.CANCELLED.value, Order.quantity == 1, Order.currency == card.price.currency)
        .limit(SOLD_ALIKE)
    )
    return list(db.session.scalars(query))


def suggestion(card: ListingCard) -> Money | None:
    """What a buyer may begin with."""
    return rules.suggested(card.price, sold_alike(card)) if card.price else None


def buyers_for(seller_id: MemberId, card: ListingCard) -> list[MemberCard]:
    """For whom the seller may set it aside: those with whom they have talked about it."""
    if not card.mine or card.status != Status.ACTIVE or card.kind != ListingKind.SALE or not card.price:
        return []
    ids = people_about(seller_id, card.id)
    found = cards(ids)
    return [found[one] for one in ids if one in found]


def times() -> tuple[timedelta, timedelta]:
    """How long an offer is open here, and how long before the end somebody is reminded."""
    return rules.times_of(current_app.config["KIN"].order_times)


def to_answer(viewer: Viewer) -> ScalarSelect[int]:
    """How many offers wait for the viewer's answer."""
    waits = or_(
        and_(Offer.seller_id == viewer.id, Offer.by == Side.BUYER.value),
        and_(Offer.buyer_id == viewer.id, Offer.by == Side.SELLER.value),
    )
    return select(func.count()).select_from(Offer).where(Offer.state == State.OPEN.value, waits).scalar_subquery()


def _cards(rows: Sequence[Offer], viewer_id: MemberId) -> list[OfferCard]:
    ids = [row.id for row in rows]
    steps, items = steps_of(ids), items_of(ids)
    people = cards({one for row in rows for one in (row.buyer_id, row.seller_id)})
    return [_card(row, viewer_id, people, items.get(row.id, []), steps.get(row.id, [])) for row in rows]


def _card(
    row: Offer,
    viewer_id: MemberId,
    people: Mapping[MemberId, MemberCard],
    items: Sequence[OfferItem],
    steps: Sequence[OfferStep],
) -> OfferCard:
    role = side_of(row, viewer_id)
    table = table_of(row, steps)
    note = next((one.note for one in steps if one.seq == row.bid), "")
    below = table.bids[-2] if len(table.bids) > 1 else None
    return OfferCard(
        id=row.id,
        state=State(row.state),
        why=row.why,
        role=role,
        other=people[row.seller_id if role is Side.BUYER else row.buyer_id],
        items=items,
        asked=row.asked,
        amount=row.amount,
        bid=row.bid,
        by=Side(row.by),
        note=note,
        made_at=row.made_at,
        ends_at=row.ends_at,
        conversation_id=row.conversation_id,
        actions=rules.allowed(table, role),
        fates=rules.fates([(one.seq, Verb(one.verb)) for one in steps], State(row.state)),
        back=Money(below.minor, row.currency) if below else None,
    )


def _step_view(step: OfferStep, currency: str) -> OfferStepView:
    return OfferStepView(
        seq=step.seq,
        verb=Verb(step.verb),
        side=Side(step.side),
        at=step.at,
        amount=Money(step.amount_minor, currency) if step.amount_minor is not None else None,
        note=step.note,
    )
