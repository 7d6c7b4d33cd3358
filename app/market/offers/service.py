"""Making offers and answering them. `rules` decides; each change is one conditional statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog
from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import clock
from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid
from app.kernel.ids import ListingId, MemberId, OfferId, new_id
from app.kernel.money import Money
from app.market.listings.queries import get_listing
from app.market.offers import events, rules
from app.market.offers.models import Offer, OfferItemRow, OfferTerms
from app.market.offers.moves import accept, accept_at_once, add_step, hint, move, placing, remind_again, two
from app.market.offers.queries import (
    find_row,
    get_row,
    side_of,
    steps_of,
    table_of,
    times,
)
from app.market.offers.values import MAX_ITEMS, Side, State, Verb, Why, Wish
from app.market.orders import service as orders
from app.market.orders.values import MAX_ADDRESS_LENGTH
from app.messaging.conversations.service import start_conversation
from app.people.accounts.queries import require_active
from app.people.blocks.queries import is_blocked_between
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.markup import clean_text
from app.platform.sql import is_race, upsert

log = structlog.get_logger()


def make_offer(buyer_id: MemberId, wish: Wish) -> OfferId:
    """The buyer says what they would pay for one thing of a seller, or for several together."""
    try:
        return _make(buyer_id, wish)
    except DomainError as refusal:
        _count_refusal(refusal, "make")
        raise


def counter_offer(
    actor: MemberId,
    offer_id: OfferId,
    amount: str,
    *,
    currency: str | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Say another amount; `seen` is the bid that is answered, so that nobody answers one they haven't read."""
    _answer(actor, offer_id, Verb.COUNTER, seen, amount=amount, currency=currency, note=note)


def accept_offer(actor: MemberId, offer_id: OfferId, *, seen: int | None = None) -> None:
    """They agree: what it is about is ordered, in the same transaction."""
    _answer(actor, offer_id, Verb.ACCEPT, seen)


def decline_offer(actor: MemberId, offer_id: OfferId, *, note: str = "", seen: int | None = None) -> None:
    """Not for that: what was said before is on the table again, if there was something."""
    _answer(actor, offer_id, Verb.DECLINE, seen, note=note)


def withdraw_offer(actor: MemberId, offer_id: OfferId, *, seen: int | None = None) -> None:
    """Take back what one has said oneself; what was said before is on the table again."""
    _answer(actor, offer_id, Verb.WITHDRAW, seen)


def accept_beforehand(seller_id: MemberId, listing_id: ListingId, amount: str) -> None:
    """Say yes to every first offer from this amount on; nothing typed: to none."""
    with unit_of_work():
        require_active(seller_id)
        card = get_listing(seller_id, listing_id).card
        if card.seller.id != seller_id:
            raise Forbidden("Only the seller can edit this listing.", code="not_yours")
        if not amount.strip():
            db.session.execute(delete(OfferTerms).where(OfferTerms.listing_id == listing_id))
            return
        if card.price is None:
            raise Invalid("This listing has no price.", code="not_for_sale")
        wanted = rules.amount_of(amount, None, card.price)
        rules.check_first(wanted, card.price)
        row = {"listing_id": listing_id, "from_minor": wanted.minor, "currency": wanted.currency}
        upsert(OfferTerms, row, keys=("listing_id",))


def end_within(offer_id: OfferId, why: Why) -> None:
    """It can't come to anything any more; one that is over stays as it is."""
    with unit_of_work() as unit:
        row = find_row(offer_id, lock=True)
        if row is None or row.state != State.OPEN.value or (why is Why.TIME and row.ends_at > clock.now()):
            return
        verb = Verb.EXPIRE if why is Why.TIME else Verb.END
        move(unit, row, Side.HOUSE, verb, {"state": State.EXPIRED.value, "why": why.value})
        unit.record(events.OfferEnded(**two(row), why=why.value))


def leave_within(member_id: MemberId) -> None:
    """Somebody leaves for good: what they offered, and what was offered to them, ends."""
    theirs = or_(Offer.buyer_id == member_id, Offer.seller_id == member_id)
    with unit_of_work():
        for offer_id in db.session.scalars(select(Offer.id).where(theirs, Offer.state == State.OPEN.value)).all():
            end_within(offer_id, Why.LEFT)


def _make(buyer_id: MemberId, wish: Wish) -> OfferId:
    ids = list(dict.fromkeys(wish.listing_ids))
    if not 0 < len(ids) <= MAX_ITEMS:
        raise Invalid("Choose up to %(most)s items.", code="bad_items", most=MAX_ITEMS)
    things = [_asked_for(buyer_id, wish, one) for one in ids]
    seller_id = things[0][1]
    if any(other != seller_id for _id, other, _asked in things):
        raise Invalid("All items of an offer have to be from one seller.", code="bad_items")
    if any(one.currency != things[0][2].currency for _id, _seller, one in things):
        raise Invalid("All items of an offer have to be in one currency.", code="bad_items")
    asked = Money(sum(one.minor for _id, _seller, one in things), things[0][2].currency)
    amount = rules.amount_of(wish.amount, wish.currency, asked)
    rules.check_first(amount, asked)
    # Who may write to whom is decided there; the cards of the offer stand in it.
    conversation_id, _new = start_conversation(buyer_id, [seller_id], ids[0], seller_id=seller_id)
    after, before = times()
    with unit_of_work() as unit:
        require_active(buyer_id)
        row = Offer(
            id=OfferId(new_id()),
            buyer_id=buyer_id,
            seller_id=seller_id,
            state=State.OPEN.value,
            asked=asked,
            amount=amount,
            currency=asked.currency,
            by=Side.BUYER.value,
            delivery=wish.delivery,
            payment=wish.payment,
            address=clean_text(wish.address, MAX_ADDRESS_LENGTH) if wish.delivery == "ship" else "",
            conversation_id=conversation_id,
            made_at=clock.now(),
            ends_at=clock.now() + after,
            remind_at=clock.now() + after - before,
        )
        db.session.add(row)
        _add_items(row, wish, things)
        add_step(row, 1, Side.BUYER, Verb.MAKE, amount, wish.note)
        unit.record(events.OfferMade(**two(row), amount_minor=amount.minor, currency=amount.currency, bid=1))
        hint(unit, row)
        accept_at_once(unit, row)
        return row.id


def _asked_for(buyer_id: MemberId, wish: Wish, listing_id: ListingId) -> tuple[ListingId, MemberId, Money]:
    """The thing as it is offered now; whatever an order of it would be refused for is refused here already."""
    offered = orders.check_placing(
        placing(buyer_id, wish.delivery, wish.payment, wish.address, listing_id, wish.quantity)
    )
    price = offered.snapshot.price
    return listing_id, offered.seller_id, replace(price, minor=price.minor * wish.quantity)


def _add_items(row: Offer, wish: Wish, things: Sequence[tuple[ListingId, MemberId, Money]]) -> None:
    try:
        with db.session.begin_nested():
            for position, (listing_id, _seller, asked) in enumerate(things):
                db.session.add(
                    OfferItemRow(
                        offer_id=row.id,
                        listing_id=listing_id,
                        position=position,
                        buyer_id=row.buyer_id,
                        quantity=wish.quantity,
                        asked_minor=asked.minor,
                    )
                )
    except IntegrityError as problem:
        if not is_race(problem):
            raise
        raise Conflict("You already have an open offer for this.", code="offer_open") from problem


def _answer(
    actor: MemberId,
    offer_id: OfferId,
    verb: Verb,
    seen: int | None,
    *,
    amount: str = "",
    currency: str | None = None,
    note: str = "",
) -> None:
    try:
        with unit_of_work() as unit:
            require_active(actor)
            row = get_row(actor, offer_id, lock=True)
            side, table = side_of(row, actor), table_of(row, steps_of([row.id]).get(row.id, []))
            rules.check(table, side, verb, seen)
            if row.ends_at <= clock.now():
                raise rules.OfferOver
            if verb is not Verb.WITHDRAW and is_blocked_between(row.buyer_id, row.seller_id):
                raise Forbidden("You can’t message this member.", code="blocked")
            match verb:
                case Verb.COUNTER:
                    _counter(unit, row, table, side, rules.amount_of(amount, currency, row.asked), note)
                case Verb.ACCEPT:
                    accept(unit, row, side)
                case _:
                    _take_off(unit, row, table, side, verb, note)
    except DomainError as refusal:
        _count_refusal(refusal, verb.value)
        raise


def _counter(unit: UnitOfWork, row: Offer, table: rules.Table, side: Side, amount: Money, note: str) -> None:
    rules.check_counter(table, amount)
    seq = row.steps + 1
    now_on_top = {"bid": seq, "by": side.value, "amount_minor": amount.minor, "remind_at": remind_again(row)}
    move(unit, row, side, Verb.COUNTER, now_on_top, amount=amount, parent=table.top.seq, note=note)
    unit.record(
        events.OfferCountered(**two(row), by=side.value, amount_minor=amount.minor, currency=amount.currency, bid=seq)
    )
    accept_at_once(unit, row)


def _take_off(unit: UnitOfWork, row: Offer, table: rules.Table, side: Side, verb: Verb, note: str) -> None:
    back = rules.left_after(table, verb)
    if back is None:
        move(unit, row, side, verb, {"state": rules.TAKEN[verb].value}, note=note)
    else:
        before = {
            "bid": back.seq,
            "by": back.side.value,
            "amount_minor": back.minor,
            "remind_at": remind_again(row),
        }
        move(unit, row, side, verb, before, note=note)
    said = events.OfferDeclined if verb is Verb.DECLINE else events.OfferWithdrawn
    unit.record(said(**two(row), by=side.value, bid=back.seq if back else 0))


def _count_refusal(refusal: DomainError, verb: str) -> None:
    """What came to nothing is in the log, by its code."""
    log.info("offer_refused", verb=verb, code=refusal.error_code)
