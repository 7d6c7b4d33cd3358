"""Placing orders and moving them on. The table in `rules` decides; each change is one conditional statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, literal, or_, select

from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.events import Event
from app.kernel.ids import MemberId, OrderId, PhotoId, new_id
from app.kernel.money import HIGHEST_MINOR
from app.kernel.subjects import Subject
from app.market.fulfilment import service as fulfilment
from app.market.orders import events, rules
from app.market.orders.due import set_due, write_due
from app.market.orders.goods import Offered, goods_of
from app.market.orders.models import Order, OrderPhoto, OrderStep
from app.market.orders.queries import KIND, find_row, get_row, role_of, situation_now
from app.market.orders.values import (
    MAX_ADDRESS_LENGTH,
    MAX_REASON_LENGTH,
    Action,
    Delivery,
    Due,
    Given,
    Payment,
    Placing,
    Stage,
    Who,
)
from app.market.stock import service as stock
from app.market.terms import queries as terms
from app.payments.escrow import service as escrow
from app.payments.escrow.values import Due as PaymentDue
from app.payments.escrow.values import Method
from app.payments.providers.queries import card_commission_ppm, takes_card
from app.people.accounts.queries import require_active
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.files import Photo
from app.platform.markup import clean_text
from app.platform.sql import transition

NOTHING: Final = Given()
# Longer than any order that is not called off: what was promised ends with the order, not before.
PROMISE: Final = timedelta(days=120)


def place_order(buyer_id: MemberId, placing: Placing) -> OrderId:
    """The buyer orders the thing as it is offered; answers the order's id."""
    with unit_of_work():
        require_active(buyer_id)
        return place_within(replace(placing, buyer_id=buyer_id))


def place_within(placing: Placing) -> OrderId:
    """As `place_order`, inside the transaction of whoever brings it: an offer that was accepted, a cart, an auction.

    Raises `SoldOut` when somebody was faster.
    """
    buyer, subject = placing.buyer_id, placing.subject
    delivery, payment = rules.check_way(placing.delivery, placing.payment, placing.address, cards=takes_card())
    with unit_of_work() as unit:
        goods = goods_of(subject)
        offered = goods.offered(buyer, subject.id)
        if offered.seller_id == buyer:
            raise Forbidden("You can’t buy from yourself.", code="own_listing")
        stock.open_within(subject, offered.stock)
        stock.take_within(subject, placing.quantity)
        goods.reserve_within(subject.id)
        total = placing.total
        if total is None:
            total = replace(offered.snapshot.price, minor=offered.snapshot.price.minor * placing.quantity)
        if not 0 <= total.minor < HIGHEST_MINOR:
            raise Invalid("This amount is out of range.", code="bad_amount")
        if payment is Payment.CARD and not takes_card(total):
            raise Invalid("This can’t be paid by card. Choose another way to pay.", code="bad_way")
        snapshot = offered.snapshot
        if subject.kind == "listing" and not placing.agreed:
            # Whose offer was accepted has the seller's own word for the terms.
            asked = terms.terms_between(offered.seller_id, buyer)
            terms.require_allowed(asked, buyer, payment.value)
            snapshot = replace(snapshot, terms=terms.in_words(asked, total))
        row = Order(
            id=OrderId(new_id()),
            buyer_id=buyer,
            seller_id=offered.seller_id,
            thing_kind=subject.kind,
            thing_id=subject.id,
            source_kind=placing.source_kind or subject.kind,
            source_id=placing.source_id,
            quantity=placing.quantity,
            total=total,
            delivery=delivery.value,
            payment=payment.value,
            address=clean_text(placing.address, MAX_ADDRESS_LENGTH) if delivery is Delivery.SHIP else "",
            stage=Stage.PLACED.value,
            stage_at=clock.now(),
            steps=0,
            snapshot=snapshot.kept(),
            group_id=placing.group_id,
            conversation_id=placing.conversation_id,
        )
        db.session.add(row)
        write_due(row, Due.ANSWER)
        keep_photos_within(row.id, offered.snapshot.photo_ids)
        if delivery is Delivery.MEET:
            fulfilment.new_code_within(row.id)
        if total:
            escrow.expect_within(
                PaymentDue(
                    subject=Subject(KIND, row.id),
                    buyer_id=buyer,
                    seller_id=offered.seller_id,
                    total=total,
                    method=Method(payment.value),
                    until=clock.now() + PROMISE,
                ),
                commission_ppm=card_commission_ppm() if payment is Payment.CARD else 0,
            )
        unit.record(
            events.OrderPlaced(
                order_id=row.id,
                buyer_id=buyer,
                seller_id=offered.seller_id,
                thing_kind=subject.kind,
                thing_id=subject.id,
                amount_minor=total.minor,
                currency=total.currency,
                source_kind=row.source_kind,
            )
        )
        if placing.agreed:
            _move(unit, row.id, Who.SELLER, Action.CONFIRM, NOTHING)
        return row.id


def check_placing(placing: Placing) -> Offered:
    """What `place_within` would refuse by itself, asked before anybody has said yes; answers the thing as it is now."""
    rules.check_way(placing.delivery, placing.payment, placing.address, cards=takes_card())
    offered = goods_of(placing.subject).offered(placing.buyer_id, placing.subject.id)
    if offered.seller_id == placing.buyer_id:
        raise Forbidden("You can’t buy from yourself.", code="own_listing")
    if not 0 < placing.quantity <= offered.stock:
        raise Invalid("There are only %(number)s of these.", code="bad_quantity", number=offered.stock)
    return offered


def act(actor: MemberId, order_id: OrderId, action: Action, given: Given = NOTHING) -> None:
    """One of the two does something; raises `NotNow` when it is not the time for it."""
    if action is Action.HAND_OVER:
        _count_try(actor, order_id, given.code)
    with unit_of_work() as unit:
        require_active(actor)
        row = get_row(actor, order_id, lock=True)
        _move(unit, row.id, role_of(row, actor), action, given, actor)


def keep_photos_within(order_id: OrderId, photo_ids: Sequence[PhotoId]) -> None:
    """What the thing looked like stays to be seen by both, whatever the seller does with the listing."""
    if photo_ids:
        there = select(literal(order_id), Photo.id).where(Photo.id.in_(photo_ids))
        db.session.execute(insert(OrderPhoto).from_select(["order_id", "photo_id"], there))


def follow_payment(order_id: OrderId) -> bool:
    """The provider has the money, or the buyer's bank has taken it back: the order goes on, once."""
    with unit_of_work() as unit:
        row = find_row(order_id, lock=True)
        if row is None:
            return False
        if row.payment == Payment.CARD and row.total:
            # What a bank had taken, and has come again, goes where the deal says.
            if row.stage == Stage.COMPLETED:
                escrow.release_within(Subject(KIND, order_id))
            elif row.stage == Stage.CANCELLED:
                escrow.cancel_within(Subject(KIND, order_id))
        action = rules.provider_says(situation_now(row), Due(row.due_kind) if row.due_kind else None)
        if action is not None:
            _move(unit, order_id, Who.PROVIDER, action, Given(reason=""))
        return action is not None


def new_code(actor: MemberId, order_id: OrderId) -> None:
    """The buyer shows another code, after too many wrong ones or because somebody else has seen it."""
    with unit_of_work() as unit:
        require_active(actor)
        row = get_row(actor, order_id, lock=True)
        if role_of(row, actor) is not Who.BUYER:
            raise Forbidden("Only the buyer can change the code.", code="not_yours")
        if row.delivery != Delivery.MEET or not rules.given_back(Stage(row.stage)):
            raise rules.NotNow
        fulfilment.new_code_within(order_id)
        _hint(unit, row)


def meet_at_within(order_id: OrderId, by: MemberId, at: datetime, place: str, cancel_by: datetime) -> None:
    """The two meet at a booked time; the days for the hand-over count from it."""
    with unit_of_work() as unit:
        fulfilment.book_within(order_id, by, at, place, cancel_by)
        db.session.flush()
        row = find_row(order_id, lock=True)
        if row is not None:
            if row.held_at is None:
                write_due(row, rules.due_of(situation_now(row)))
            _hint(unit, row)


def settle_within(order_id: OrderId, note: str = "") -> None:
    """A case was decided and its money is posted: the order is done."""
    with unit_of_work() as unit:
        _move(unit, order_id, Who.CASE, Action.SETTLE, Given(reason=note))


def reviewed_within(order_id: OrderId, who: Who) -> None:
    """One side has reviewed the other, in the room of reviews: the history says that, and nothing of its words."""
    with unit_of_work() as unit:
        _move(unit, order_id, who, Action.REVIEW, NOTHING, elsewhere=True)


def end_within(order_id: OrderId, action: Action) -> None:
    """Nobody has done in time what the order waited for."""
    with unit_of_work() as unit:
        _move(unit, order_id, Who.CLOCK, action, NOTHING)


def wait_within(order_id: OrderId, due: Due) -> None:
    """The next of the times begins, though nobody has done anything."""
    with unit_of_work():
        row = find_row(order_id, lock=True)
        if row is not None:
            write_due(row, due)


def hold_within(order_id: OrderId) -> None:
    """A case was opened: nothing runs out, and nobody ends the order alone; a second time changes nothing."""
    with unit_of_work():
        held = {"held_at": clock.now(), "due_at": None, "due_kind": None, "remind_at": None}
        transition(Order, {"id": order_id, "held_at": None}, held)


def resume_within(order_id: OrderId) -> None:
    """The case was withdrawn: the order goes on where it was, with its whole time anew."""
    with unit_of_work():
        db.session.flush()
        row = find_row(order_id, lock=True)
        if row is not None and row.held_at is not None:
            transition(Order, {"id": order_id}, {"held_at": None})
            set_due(order_id)


def leave_within(member_id: MemberId) -> None:
    """Somebody leaves for good: what is not on its way yet is called off, the rest runs to its end by itself."""
    stages = [one.value for one in Stage if rules.given_back(one)]
    theirs = or_(Order.buyer_id == member_id, Order.seller_id == member_id)
    with unit_of_work() as unit:
        for order_id in db.session.scalars(select(Order.id).where(theirs, Order.stage.in_(stages))).all():
            _move(unit, order_id, Who.CLOCK, Action.EXPIRE, NOTHING)


def _count_try(actor: MemberId, order_id: OrderId, code: str) -> None:
    row = get_row(actor, order_id)
    now = situation_now(row)
    rules.move_for(now, role_of(row, actor), Action.HAND_OVER)
    fulfilment.check_whose(order_id, code)
    fulfilment.count_try(order_id)


def _move(
    unit: UnitOfWork,
    order_id: OrderId,
    who: Who,
    action: Action,
    given: Given,
    actor: MemberId | None = None,
    *,
    elsewhere: bool = False,
) -> None:
    """One line of the table, once: of two who try at the same moment one is told that it is too late."""
    row = find_row(order_id, lock=True)
    if row is None:
        raise NotFound("This order doesn’t exist.")
    now = situation_now(row)
    move = rules.move_for(now, who, action)
    if rules.elsewhere(now, action) and not elsewhere:
        raise rules.NotNow
    stage = move.to or now.stage
    seq = row.steps + 1
    changes: dict[str, str | int | datetime | None] = {"steps": seq}
    if stage is not now.stage:
        changes |= {"stage": stage.value, "stage_at": clock.now()}
    if action is Action.SETTLE:
        changes["held_at"] = None
    if not transition(Order, {"id": order_id, "stage": now.stage.value, "steps": seq - 1}, changes):
        raise rules.NotNow
    _do(row, action, given, actor)
    note = clean_text(given.reason, MAX_REASON_LENGTH)
    if "reason" in move.needs and not note:
        raise Invalid("Enter a reason.", code="reason_missing")
    db.session.add(
        OrderStep(order_id=order_id, seq=seq, action=action.value, stage=stage.value, who=who.value, note=note)
    )
    db.session.flush()
    _goods_follow(row, now.stage, stage)
    _money_follows(row, action, actor)
    for happened in _happened(row, now, who, action, actor):
        unit.record(happened)
    set_due(order_id)
    _hint(unit, row)


def _do(row: Order, action: Action, given: Given, actor: MemberId | None) -> None:
    """What an action does in the room beside."""
    match action:
        case Action.PROPOSE if actor is not None:
            fulfilment.propose_within(row.id, actor, given.at, given.place)
        case Action.AGREE if actor is not None:
            fulfilment.agree_within(row.id, actor)
        case Action.HAND_OVER:
            fulfilment.check_code_within(row.id, given.code)
        case Action.SHIP:
            fulfilment.ship_within(row.id, given.carrier, given.tracking)
        case _:
            pass


def _goods_follow(row: Order, before: Stage, after: Stage) -> None:
    """What was set aside is sold, or can be had again."""
    if before is after:
        return
    subject = Subject(row.thing_kind, row.thing_id)
    if after in {Stage.HANDED_OVER, Stage.SHIPPED, Stage.RECEIVED}:
        goods_of(subject).sell_within(subject.id)
    elif after is Stage.CANCELLED and rules.given_back(before):
        stock.give_back_within(subject, row.quantity)
        goods_of(subject).release_within(subject.id)


def _money_follows(row: Order, action: Action, actor: MemberId | None) -> None:
    """What the action says of the money, in the ledger and in the same transaction."""
    subject = Subject(KIND, row.id)
    if not row.total:
        return
    match action:
        case Action.PAY if actor is not None:
            escrow.say_paid_within(subject, actor)
        case Action.MARK_PAID if actor is not None:
            escrow.say_received_within(subject, actor)
        case Action.HAND_OVER | Action.RECEIVE if actor is not None and row.payment == Payment.IN_PERSON:
            escrow.settle_in_person_within(subject, actor)
        case Action.MARK_REFUNDED if actor is not None:
            escrow.confirm_refund_within(subject, actor)
        case Action.SETTLE:
            escrow.release_within(subject)
            escrow.cancel_within(subject)  # what was never paid is not waited for any more
        case Action.COMPLETE | Action.FINISH:
            escrow.release_within(subject)
        case Action.CANCEL | Action.EXPIRE:
            escrow.cancel_within(subject)
        case _:
            pass


def _hint(unit: UnitOfWork, row: Order) -> None:
    unit.hint((f"member:{row.buyer_id}", f"member:{row.seller_id}"), "order:changed", {"id": row.id})


_SAYS: Final[Mapping[Action, Callable[..., Event]]] = {
    Action.CONFIRM: events.OrderConfirmed,
    Action.HAND_OVER: events.OrderHandedOver,
    Action.SHIP: events.OrderShipped,
    Action.RECEIVE: events.OrderReceived,
}
_SAYS_WHO: Final[Mapping[Action, Callable[..., Event]]] = {
    Action.PROPOSE: events.MeetingProposed,
    Action.AGREE: events.MeetingAgreed,
}


def _happened(row: Order, now: rules.Situation, who: Who, action: Action, actor: MemberId | None) -> list[Event]:
    two: dict[str, Any] = {"order_id": row.id, "buyer_id": row.buyer_id, "seller_id": row.seller_id}
    amount: dict[str, Any] = {"amount_minor": row.total.minor, "currency": row.total.currency}
    found: list[Event] = []
    if action in _SAYS:
        found.append(_SAYS[action](**two))
    if action in _SAYS_WHO:
        other = row.seller_id if actor == row.buyer_id else row.buyer_id
        found.append(_SAYS_WHO[action](order_id=row.id, member_id=actor, other_id=other))
    settled = action is Action.SETTLE
    if action in {Action.COMPLETE, Action.FINISH} or (settled and not rules.given_back(now.stage)):
        thing: dict[str, Any] = {"thing_kind": row.thing_kind, "thing_id": row.thing_id}
        found.append(events.OrderCompleted(**two, **amount, **thing, by=who.value))
    if action in {Action.CANCEL, Action.EXPIRE} or (settled and rules.given_back(now.stage)):
        found.append(events.OrderCancelled(**two, stage=now.stage.value, by=who.value))
    return found
