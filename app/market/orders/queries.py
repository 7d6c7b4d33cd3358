"""Orders as the two see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from flask import current_app
from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select

from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import MemberId, OrderGroupId, OrderId, PhotoId, is_id
from app.kernel.money import Money
from app.kernel.pagination import decode_cursor, encode_cursor
from app.kernel.subjects import Subject
from app.kernel.viewer import Viewer
from app.market.fulfilment.queries import handing_of, handings
from app.market.fulfilment.values import Handing
from app.market.orders import rules
from app.market.orders.models import Order, OrderStep
from app.market.orders.values import (
    BY_SELLER,
    REVIEW_FOR,
    Action,
    Delivery,
    Due,
    OrderCard,
    OrderDetail,
    Payment,
    Receipt,
    Snapshot,
    Stage,
    StepView,
    Who,
)
from app.payments.escrow.models import PaymentRow
from app.payments.escrow.queries import facts, find_payment, payments_for
from app.payments.escrow.values import PaymentFacts
from app.payments.ledger.queries import entries_of
from app.payments.ledger.values import MOVED, Movement
from app.payments.providers.queries import takes_card
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db

_BACK: Final = frozenset({Movement.REFUND, Movement.COMMISSION_REFUND, Movement.CHARGEBACK})
KIND: Final = "order"  # as what payments and cases point at


def get_order(viewer_id: MemberId, order_id: OrderId) -> OrderDetail:
    """All of one order with what the viewer may do; raises `NotFound` to whoever is none of the two."""
    row, paid = _with_payment(viewer_id, order_id)
    steps = steps_of([order_id]).get(order_id, [])
    handing = handing_of(order_id)
    people = cards([row.buyer_id, row.seller_id])
    role = role_of(row, viewer_id)
    now = situation_of(row, paid, handing)
    review_until = row.stage_at + REVIEW_FOR
    if now.stage is Stage.COMPLETED:
        wrote = frozenset(step.who for step in steps if step.action is Action.REVIEW)
        now = replace(now, reviewed=wrote if clock.now() < review_until else frozenset(rules.BOTH))
    return OrderDetail(
        card=_card(row, role, people, now),
        buyer=people[row.buyer_id],
        seller=people[row.seller_id],
        subject=Subject(row.thing_kind, row.thing_id),
        source_kind=row.source_kind,
        quantity=row.quantity,
        delivery=now.delivery,
        payment=now.payment,
        address=row.address,
        snapshot=Snapshot.read(row.snapshot),
        money=now.money,
        held=now.held,
        conversation_id=row.conversation_id,
        group_id=row.group_id,
        steps=steps,
        actions=[
            replace(one, until=review_until) if one.action is Action.REVIEW else one
            for one in rules.doable(now, role, row.due_at)
        ],
        handing=handing,
    )


def get_receipt(viewer_id: MemberId, order_id: OrderId) -> Receipt:
    """Proof of what was paid; raises `NotFound` while there is nothing to prove."""
    detail = get_order(viewer_id, order_id)
    if not detail.money.paid:
        raise NotFound("There is a receipt as soon as the order is paid.")
    paid_at, refunds = None, dict[datetime, Money]()
    for entry in entries_of(Subject(KIND, order_id)):
        if entry.phase not in MOVED:
            continue
        if entry.kind is Movement.PAYMENT:
            paid_at = paid_at or entry.at
        elif entry.kind in _BACK:
            before = refunds.get(entry.at)
            refunds[entry.at] = before + entry.amount if before else entry.amount
    tax = rules.included_tax(detail.card.total, detail.snapshot.tax_rate)
    return Receipt(order=detail, paid_at=paid_at, refunds=list(refunds.items()), tax=tax)


def orders_of(
    viewer_id: MemberId, role: Who, *, limit: int = 24, cursor: str | None = None
) -> tuple[list[OrderCard], str | None]:
    """A page of what the viewer bought or sold, the newest first, and the cursor of the next."""
    mine = Order.buyer_id if role is Who.BUYER else Order.seller_id
    query = select(Order).where(mine == viewer_id).order_by(Order.id.desc()).limit(limit + 1)
    key = decode_cursor(cursor, str)
    if key is not None:
        query = query.where(Order.id < key[0])
    rows = list(db.session.scalars(query))
    shown = rows[:limit]
    return _cards(shown, viewer_id), encode_cursor(shown[-1].id) if len(rows) > limit else None


def about(viewer_id: MemberId, subject: Subject, *, limit: int = 5) -> list[OrderCard]:
    """The viewer's orders of one thing, the newest first: to whom it is sold, or what they bought."""
    query = (
        select(Order)
        .where(Order.thing_kind == subject.kind, Order.thing_id == subject.id, _of(viewer_id))
        .order_by(Order.id.desc())
        .limit(limit)
    )
    return _cards(list(db.session.scalars(query)), viewer_id)


def cards_by_id(viewer_id: MemberId, ids: Iterable[str]) -> dict[str, OrderCard]:
    """Those of these orders that are the viewer's, as they are now."""
    wanted = sorted({one for one in ids if is_id(one)})
    if not wanted:
        return {}
    rows = list(db.session.scalars(select(Order).where(Order.id.in_(wanted), _of(viewer_id))))
    return {card.id: card for card in _cards(rows, viewer_id)}


def made_by(source_kind: str, source_id: str) -> list[OrderId]:
    """What an accepted offer, a cart or an auction has become; one order for each thing."""
    query = select(Order.id).where(Order.source_kind == source_kind, Order.source_id == source_id)
    return list(db.session.scalars(query.order_by(Order.id)))


def ways_of(total: Money | None = None) -> list[tuple[Delivery, Payment]]:
    """How a thing of this price may come and be paid here; each as delivery and payment."""
    cards = takes_card(total)
    return [
        (delivery, payment)
        for delivery in Delivery
        for payment in Payment
        if (payment is not Payment.CARD or cards) and not (delivery is Delivery.SHIP and payment is Payment.IN_PERSON)
    ]


def in_group(viewer_id: MemberId, group_id: OrderGroupId, *, limit: int = 60) -> list[tuple[OrderCard, Snapshot]]:
    """The viewer's orders that were placed together, with what they were then; the first placed first."""
    query = select(Order).where(Order.group_id == group_id, _of(viewer_id)).order_by(Order.id).limit(limit)
    rows = list(db.session.scalars(query))
    return [(card, Snapshot.read(row.snapshot)) for card, row in zip(_cards(rows, viewer_id), rows, strict=True)]


def get_row(viewer_id: MemberId, order_id: OrderId, *, lock: bool = False) -> Order:
    """The row, for one of the two; `lock`: until the end of the transaction."""
    found = find_row(order_id, lock=lock)
    if found is None or viewer_id not in (found.buyer_id, found.seller_id):
        raise NotFound("This order doesn’t exist.")
    return found


def _with_payment(viewer_id: MemberId, order_id: OrderId) -> tuple[Order, PaymentFacts | None]:
    """As `get_row`, and where its money is, in one statement."""
    query = (
        select(Order, PaymentRow)
        .outerjoin(PaymentRow, and_(PaymentRow.subject_kind == KIND, PaymentRow.subject_id == Order.id))
        .where(Order.id == order_id, _of(viewer_id))
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(query).first() if is_id(order_id) else None
    if found is None:
        raise NotFound("This order doesn’t exist.")
    return found.Order, facts(found.PaymentRow) if found.PaymentRow else None


def get_row_for_case(viewer_id: MemberId, order_id: OrderId) -> tuple[Order, bool]:
    """The row, locked, while the viewer may say that something is wrong, and whether it is on its way or there.

    Raises `NotNow` when it is not the time for it, or a case is open.
    """
    row = get_row(viewer_id, order_id, lock=True)
    rules.move_for(situation_now(row), role_of(row, viewer_id), Action.OPEN_CASE)
    return row, not rules.given_back(Stage(row.stage))


def find_row(order_id: OrderId, *, lock: bool = False) -> Order | None:
    """The row, whoever asks."""
    if not is_id(order_id):
        return None
    return db.session.get(Order, order_id, populate_existing=True, with_for_update=lock or None)


def role_of(row: Order, member_id: MemberId) -> Who:
    """On which side the member is."""
    return Who.BUYER if row.buyer_id == member_id else Who.SELLER


def steps_of(ids: Sequence[OrderId]) -> Mapping[OrderId, list[StepView]]:
    """The history of these orders, in one statement."""
    found: dict[OrderId, list[StepView]] = {}
    query = select(OrderStep).where(OrderStep.order_id.in_(ids)).order_by(OrderStep.order_id, OrderStep.seq)
    for row in db.session.scalars(query) if ids else ():
        found.setdefault(row.order_id, []).append(
            StepView(
                seq=row.seq,
                action=Action(row.action),
                stage=Stage(row.stage),
                who=Who(row.who),
                at=row.at,
                note=row.note,
            )
        )
    return found


def situation_of(row: Order, paid: PaymentFacts | None, handing: Handing) -> rules.Situation:
    """All that decides what may be done with the order."""
    meeting = handing.meeting
    return rules.Situation(
        stage=Stage(row.stage),
        delivery=Delivery(row.delivery),
        payment=Payment(row.payment),
        money=rules.money_of(paid, row.total),
        proposed_by=role_of(row, meeting.proposed_by) if meeting else None,
        meeting_agreed=meeting.agreed if meeting else False,
        booked=meeting is not None and meeting.cancel_by is not None,
        bound=meeting is not None and meeting.cancel_by is not None and clock.now() > meeting.cancel_by,
        set_aside=row.source_kind == BY_SELLER,
        held=row.held_at is not None,
        late=_is_late(row),
    )


def _is_late(row: Order) -> bool:
    due = Due(row.due_kind) if row.due_kind else None
    return due is not None and rules.is_late(due, row.due_at, deadline_of(due).remind, clock.now())


def situation_now(row: Order) -> rules.Situation:
    """As the tables say at this moment."""
    return situation_of(row, find_payment(Subject(KIND, row.id)), handing_of(row.id))


def title_of(order_id: OrderId) -> str | None:
    """What the order is about, in the words of then."""
    row = find_row(order_id)
    return row.snapshot["title"] if row else None


def is_set_aside(order_id: OrderId) -> bool:
    """Whether it was the seller who began it."""
    row = find_row(order_id)
    return row is not None and row.source_kind == BY_SELLER


def is_sold(subject: Subject) -> bool:
    """Whether somebody has, or gets, what this order is about."""
    of_it = (Order.thing_kind == subject.kind, Order.thing_id == subject.id)
    return db.session.scalar(select(Order.id).where(*of_it, Order.stage != Stage.CANCELLED.value).limit(1)) is not None


def deadline_of(due: Due) -> rules.Deadline:
    """How long it may take here: the operator may have set other times."""
    return rules.times_of(current_app.config["KIN"].order_times)[due]


def to_confirm(viewer: Viewer) -> ScalarSelect[int]:
    """How many buyers wait for the viewer's yes."""
    placed = (Order.seller_id == viewer.id, Order.stage == Stage.PLACED.value)
    return select(func.count()).select_from(Order).where(*placed).scalar_subquery()


def _of(viewer_id: Any) -> ColumnElement[bool]:
    return or_(Order.buyer_id == viewer_id, Order.seller_id == viewer_id)


def _cards(rows: Sequence[Order], viewer_id: MemberId) -> list[OrderCard]:
    ids = [row.id for row in rows]
    money, ways = payments_for(KIND, list(ids)), handings(ids)
    people = cards({one for row in rows for one in (row.buyer_id, row.seller_id)})
    return [
        _card(
            row,
            role_of(row, viewer_id),
            people,
            situation_of(row, money.get(row.id), ways.get(row.id, Handing())),
        )
        for row in rows
    ]


def _card(row: Order, role: Who, people: Mapping[MemberId, MemberCard], now: rules.Situation) -> OrderCard:
    photos = row.snapshot["photo_ids"]
    due = Due(row.due_kind) if row.due_kind else None
    return OrderCard(
        id=row.id,
        title=row.snapshot["title"],
        stage=now.stage,
        total=row.total,
        role=role,
        other=people[row.seller_id if role is Who.BUYER else row.buyer_id],
        photo_id=PhotoId(photos[0]) if photos else None,
        created_at=row.created_at,
        stage_at=row.stage_at,
        due=due,
        due_at=row.due_at,
        payment=now.payment,
        next=rules.next_of(now, row.due_at),
    )
