"""Keeping records: each order counts once for each side, however often it is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace

from sqlalchemy import ColumnElement, delete, func, select

from app.kernel.events import Event
from app.kernel.ids import MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.bookings.events import NoShowNoted
from app.market.orders.models import Order
from app.market.orders.queries import KIND, find_row, steps_of
from app.market.orders.values import Action, Delivery, Payment, Stage, Who
from app.market.records import rules
from app.market.records.models import MemberRecord, OrderOutcome
from app.market.records.queries import counts_of, limits
from app.market.records.values import Counts, Done, Ended
from app.payments.escrow.queries import find_payment
from app.platform.database import EventRow, db, unit_of_work
from app.platform.projections import Progress
from app.platform.sql import insert_or_ignore, transition

_BATCH = 500


def note_order(order_id: OrderId) -> None:
    """Count an order that is over, as the tables say now; a second time changes nothing."""
    with unit_of_work():
        order = find_row(order_id)
        if order is None:
            return
        ended = _ended(order)
        for member_id, role in ((order.buyer_id, Who.BUYER), (order.seller_id, Who.SELLER)):
            before = _outcome(order_id, member_id)
            # Who did not come is not in the order's history: it is kept as it was noted.
            now = replace(rules.outcome_of(ended, role, limits()), no_show=before.no_show if before else 0)
            _count(order_id, member_id, role, before, now)


def note_no_show(order_id: OrderId, member_id: MemberId) -> None:
    """Somebody did not come, as the other side says; once for each order."""
    with unit_of_work():
        order = find_row(order_id)
        if order is None or member_id not in (order.buyer_id, order.seller_id):
            return
        role = Who.BUYER if order.buyer_id == member_id else Who.SELLER
        before = _outcome(order_id, member_id)
        _count(order_id, member_id, role, before, replace(before or Counts(), no_show=1))


def rebuild_records(progress: Progress) -> None:
    """Drop the records and count all orders again, in one transaction."""
    over = Order.stage.in_([Stage.COMPLETED.value, Stage.CANCELLED.value])
    with unit_of_work():
        for table in (OrderOutcome, MemberRecord):
            db.session.execute(delete(table))
        total = db.session.scalar(select(func.count()).select_from(Order).where(over)) or 0
        for number, order_id in enumerate(_ids(over), 1):
            note_order(order_id)
            if number % _BATCH == 0:
                progress(number, total)
        absent = select(EventRow.name, EventRow.payload).where(EventRow.name == NoShowNoted.__name__)
        for row in db.session.execute(absent.order_by(EventRow.id)).all():
            event = Event.load(row.name, row.payload)
            if isinstance(event, NoShowNoted):
                note_no_show(event.order_id, event.member_id)


def _ids(over: ColumnElement[bool]) -> Iterator[OrderId]:
    last = ""
    while True:
        query = select(Order.id).where(over, Order.id > last).order_by(Order.id).limit(_BATCH)
        found = list(db.session.scalars(query))
        if not found:
            return
        yield from found
        last = found[-1]


def _ended(order: Order) -> Ended:
    steps = steps_of([order.id]).get(order.id, [])
    settled = any(step.action is Action.SETTLE for step in steps)
    paid = find_payment(Subject(KIND, order.id)) if settled and order.total_minor else None
    return Ended(
        stage=Stage(order.stage),
        delivery=Delivery(order.delivery),
        payment=Payment(order.payment),
        created_at=order.created_at,
        steps=[Done(action=step.action, who=step.who, at=step.at) for step in steps],
        given_back=paid is not None and paid.refunded.minor + paid.refund_due.minor >= order.total_minor,
    )


def _outcome(order_id: OrderId, member_id: MemberId) -> Counts | None:
    row = db.session.get(OrderOutcome, (order_id, member_id), populate_existing=True)
    return counts_of(row) if row else None


def _count(order_id: OrderId, member_id: MemberId, role: Who, before: Counts | None, now: Counts) -> None:
    if before == now or (before is None and now == Counts()):
        return
    key = {"order_id": order_id, "member_id": member_id}
    if before is None:
        insert_or_ignore(OrderOutcome, {**key, "role": role.value, **asdict(now)})
    else:
        transition(OrderOutcome, key, asdict(now))
    mine = {"member_id": member_id, "role": role.value}
    insert_or_ignore(MemberRecord, {**mine, **asdict(Counts())})
    more = asdict(now.plus(before or Counts(), -1))
    transition(MemberRecord, mine, {name: getattr(MemberRecord, name) + by for name, by in more.items()})
