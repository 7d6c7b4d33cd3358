"""Cases as those see them who take part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select

from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import CaseId, MemberId, OrderId, PhotoId, is_id
from app.kernel.money import Money
from app.kernel.pagination import decode_cursor, encode_cursor
from app.kernel.subjects import Subject
from app.kernel.viewer import Viewer
from app.market.cases import rules
from app.market.cases.models import CasePhoto, CaseStep, OrderCase
from app.market.cases.values import (
    CaseAction,
    CaseCard,
    CaseDetail,
    CaseRole,
    CaseState,
    CaseWant,
    CaseWay,
    DecidedBy,
    StepView,
    Terms,
)
from app.market.orders.models import Order
from app.market.orders.queries import KIND as ORDER
from app.payments.escrow.queries import find_payment
from app.payments.escrow.values import Paid
from app.people.accounts.queries import require_role
from app.people.accounts.values import MODERATOR
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db

KIND = "case"  # as what photos and notifications point at
SHOWN = 24
FOR_FRIENDS = (CaseState.FRIEND_NAMED, CaseState.FRIEND, *rules.SENDING, CaseState.DECIDED)


def get_case(viewer_id: MemberId, case_id: CaseId) -> CaseDetail:
    """All of one case with what the viewer may do; raises `NotFound` to whoever has no part in it."""
    row = get_row(viewer_id, case_id)
    return _detail(row, role_of(row, viewer_id))


def get_for_moderator(actor: MemberId, case_id: CaseId) -> CaseDetail:
    """A case that has come to the moderators; raises `NotFound` to one of the two, who cannot decide."""
    require_role(actor, MODERATOR)
    row = find_row(case_id)
    if row is None or not _is_moderated(row) or actor in (row.buyer_id, row.seller_id):
        raise NotFound("This complaint doesn’t exist.")
    return _detail(row, CaseRole.MODERATOR)


def queue(actor: MemberId, *, cursor: str | None = None, limit: int = SHOWN) -> tuple[list[CaseCard], str | None]:
    """What waits for a moderator, the oldest first; without the moderator's own."""
    require_role(actor, MODERATOR)
    query = select(OrderCase).where(
        OrderCase.state == CaseState.MODERATOR.value, OrderCase.buyer_id != actor, OrderCase.seller_id != actor
    )
    key = decode_cursor(cursor, str)
    if key is not None:
        query = query.where(OrderCase.id > key[0])
    rows = list(db.session.scalars(query.order_by(OrderCase.id).limit(limit + 1)))
    shown = rows[:limit]
    found = _cards([(row, CaseRole.MODERATOR) for row in shown])
    return found, encode_cursor(shown[-1].id) if len(rows) > limit else None


def cases_of(
    viewer_id: MemberId, *, cursor: str | None = None, limit: int = SHOWN
) -> tuple[list[CaseCard], str | None]:
    """The viewer's own cases and those they help to settle, the newest first."""
    query = select(OrderCase).where(_of(viewer_id))
    key = decode_cursor(cursor, str)
    if key is not None:
        query = query.where(OrderCase.id < key[0])
    rows = list(db.session.scalars(query.order_by(OrderCase.id.desc()).limit(limit + 1)))
    shown = rows[:limit]
    found = _cards([(row, role_of(row, viewer_id)) for row in shown])
    return found, encode_cursor(shown[-1].id) if len(rows) > limit else None


def latest_of(viewer_id: MemberId, order_id: OrderId) -> CaseCard | None:
    """The order's last case, open or not; for one of the two."""
    mine = or_(OrderCase.buyer_id == viewer_id, OrderCase.seller_id == viewer_id)
    query = select(OrderCase).where(OrderCase.order_id == order_id, mine).order_by(OrderCase.id.desc()).limit(1)
    row = db.session.scalar(query)
    return _cards([(row, role_of(row, viewer_id))])[0] if row else None


def get_row(viewer_id: MemberId, case_id: CaseId, *, lock: bool = False) -> OrderCase:
    """The row, for whoever has a part in it."""
    found = find_row(case_id, lock=lock)
    if found is None or not _takes_part(found, viewer_id):
        raise NotFound("This complaint doesn’t exist.")
    return found


def find_row(case_id: CaseId, *, lock: bool = False) -> OrderCase | None:
    """The row, whoever asks."""
    if not is_id(case_id):
        return None
    return db.session.get(OrderCase, case_id, populate_existing=True, with_for_update=lock or None)


def role_of(row: OrderCase, member_id: MemberId) -> CaseRole:
    """As what the member takes part."""
    if row.buyer_id == member_id:
        return CaseRole.BUYER
    return CaseRole.SELLER if row.seller_id == member_id else CaseRole.FRIEND


def situation_of(row: OrderCase, proposal: StepView | None = None) -> rules.Situation:
    """All that decides what may be done in the case; the proposal where it is known already."""
    return rules.Situation(
        state=CaseState(row.state),
        opener=CaseRole(row.opener),
        waited=clock.now() - row.opened_at,
        proposed_by=proposal.who if proposal else _proposer(row),
        asked_by=CaseRole(row.asked_by) if row.asked_by else None,
        steps=row.steps,
    )


def limit_of(state: CaseState) -> rules.Limit | None:
    """How long it may take here: the operator may have set other times."""
    return rules.limits_of(current_app.config["KIN"].order_times).get(state)


def outcome_of(row: OrderCase) -> Terms | None:
    """What was agreed or decided."""
    if row.outcome_way is None or row.outcome_minor is None:
        return None
    return Terms(CaseWay(row.outcome_way), Money(row.outcome_minor, row.currency), row.outcome_quantity)


def proposal_of(row: OrderCase) -> Terms | None:
    """What lies on the table."""
    if row.proposal_seq is None:
        return None
    step = db.session.get_one(CaseStep, (row.id, row.proposal_seq))
    return _terms(step, row.currency)


def waiting(viewer: Viewer) -> ScalarSelect[int]:
    """How many cases wait for the viewer, as one of the two or as the friend who was asked."""
    parts = (
        (OrderCase.buyer_id, CaseRole.BUYER),
        (OrderCase.seller_id, CaseRole.SELLER),
        (OrderCase.mediator_id, CaseRole.FRIEND),
    )
    mine = or_(
        *(and_(column == viewer.id, OrderCase.waits_for.contains(who.value, autoescape=True)) for column, who in parts)
    )
    return select(func.count()).select_from(OrderCase).where(OrderCase.ended_at.is_(None), mine).scalar_subquery()


def queued(viewer: Viewer) -> ScalarSelect[int] | None:
    """How many wait for a moderator."""
    if not viewer.is_a(MODERATOR):
        return None
    waits = OrderCase.state == CaseState.MODERATOR.value
    return select(func.count()).select_from(OrderCase).where(waits).scalar_subquery()


def photo_count(case_id: CaseId) -> int:
    """How many photos a case has."""
    return db.session.scalar(select(func.count()).select_from(CasePhoto).where(CasePhoto.case_id == case_id)) or 0


def title_of(case_id: CaseId) -> str | None:
    """What the case is about: the order, in the words of then."""
    query = select(Order.snapshot).join(OrderCase, OrderCase.order_id == Order.id).where(OrderCase.id == case_id)
    found = db.session.scalar(query)
    return found["title"] if found else None


def _of(viewer_id: MemberId) -> ColumnElement[bool]:
    return or_(
        OrderCase.buyer_id == viewer_id,
        OrderCase.seller_id == viewer_id,
        and_(OrderCase.mediator_id == viewer_id, OrderCase.state.in_([one.value for one in FOR_FRIENDS])),
    )


def _takes_part(row: OrderCase, member_id: MemberId) -> bool:
    return member_id in (row.buyer_id, row.seller_id) or (row.mediator_id == member_id and row.state in FOR_FRIENDS)


def _is_moderated(row: OrderCase) -> bool:
    return row.state == CaseState.MODERATOR or row.moderator_id is not None


def _proposer(row: OrderCase) -> CaseRole | None:
    if row.proposal_seq is None:
        return None
    return CaseRole(db.session.get_one(CaseStep, (row.id, row.proposal_seq)).who)


def _detail(row: OrderCase, role: CaseRole) -> CaseDetail:
    order = db.session.get_one(Order, row.order_id)
    payment = find_payment(Subject(ORDER, row.order_id))
    # A friend who is only asked does not read it yet.
    steps = [] if role is CaseRole.FRIEND and row.state == CaseState.FRIEND_NAMED else _steps(row)
    proposal = next((step for step in steps if step.seq == row.proposal_seq), None)
    now = situation_of(row, proposal)
    people = cards({one for one in (row.buyer_id, row.seller_id, row.mediator_id, row.moderator_id) if one is not None})
    return CaseDetail(
        card=_card(row, role, order, people),
        wants=CaseWant(row.wants),
        wanted=row.wanted,
        total=payment.total if payment else order.total,
        at_stake=rules.at_stake_of(payment, order.total),
        ways=rules.ways(sent=row.sent),
        quantity=order.quantity,
        confirmed=payment is None or payment.paid is Paid.FULL,
        sent=row.sent,
        payment=order.payment,
        proposal=proposal,
        outcome=outcome_of(row),
        decided_by=DecidedBy(row.decided_by) if row.decided_by else None,
        mediator=people.get(row.mediator_id) if row.mediator_id else None,
        moderator=people.get(row.moderator_id) if row.moderator_id else None,
        steps=steps,
        actions=rules.doable(now, role, row.due_at),
    )


def _steps(row: OrderCase) -> list[StepView]:
    found = list(db.session.scalars(select(CaseStep).where(CaseStep.case_id == row.id).order_by(CaseStep.seq)))
    photos: dict[int, list[PhotoId]] = {}
    query = select(CasePhoto.seq, CasePhoto.photo_id).where(CasePhoto.case_id == row.id).order_by(CasePhoto.position)
    for seq, photo_id in db.session.execute(query):
        photos.setdefault(seq, []).append(photo_id)
    people = cards({step.actor_id for step in found if step.actor_id is not None})
    return [
        StepView(
            seq=step.seq,
            action=CaseAction(step.action),
            who=CaseRole(step.who),
            actor=people.get(step.actor_id) if step.actor_id else None,
            at=step.at,
            text=step.text,
            terms=_terms(step, row.currency),
            carrier=step.carrier,
            tracking=step.tracking,
            photo_ids=photos.get(step.seq, ()),
        )
        for step in found
    ]


def _terms(step: CaseStep, currency: str) -> Terms | None:
    if step.way is None or step.amount_minor is None:
        return None
    return Terms(CaseWay(step.way), Money(step.amount_minor, currency), step.quantity)


def _cards(rows: Sequence[tuple[OrderCase, CaseRole]]) -> list[CaseCard]:
    wanted = [row.order_id for row, _role in rows]
    orders = {one.id: one for one in db.session.scalars(select(Order).where(Order.id.in_(wanted)))} if wanted else {}
    taking_part = (one for row, _role in rows for one in (row.buyer_id, row.seller_id, row.mediator_id))
    people = cards({one for one in taking_part if one is not None})
    return [_card(row, role, orders[row.order_id], people) for row, role in rows]


def _card(row: OrderCase, role: CaseRole, order: Order, people: Mapping[MemberId, MemberCard]) -> CaseCard:
    kept: Mapping[str, Any] = order.snapshot
    return CaseCard(
        id=row.id,
        order_id=row.order_id,
        title=kept["title"],
        photo_id=PhotoId(kept["photo_ids"][0]) if kept["photo_ids"] else None,
        state=CaseState(row.state),
        role=role,
        buyer=people[row.buyer_id],
        seller=people[row.seller_id],
        opener=CaseRole(row.opener),
        waits_for=[CaseRole(one) for one in row.waits_for.split()],
        friend=people.get(row.mediator_id) if row.mediator_id else None,
        due_at=row.due_at,
        opened_at=row.opened_at,
    )
