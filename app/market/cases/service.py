"""Opening cases and moving them on. The table in `rules` decides; each change is one conditional statement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.events import Event
from app.kernel.ids import CaseId, MemberId, OrderId, new_id
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.cases import events, rules
from app.market.cases.mediators import common_friends
from app.market.cases.models import OrderCase
from app.market.cases.queries import (
    find_row,
    get_row,
    limit_of,
    outcome_of,
    proposal_of,
    role_of,
    situation_of,
)
from app.market.cases.settling import settle_within
from app.market.cases.steps import add_step, said_in, typed_amount, typed_terms
from app.market.cases.values import (
    CaseAction,
    CaseRole,
    CaseState,
    DecidedBy,
    Given,
    Terms,
)
from app.market.orders import service as orders
from app.market.orders.models import Order
from app.market.orders.queries import KIND as ORDER
from app.market.orders.queries import find_row as find_order
from app.market.orders.queries import get_row_for_case
from app.market.orders.queries import role_of as side_of
from app.payments.escrow.queries import find_payment
from app.people.accounts.queries import find_member_id, require_active, require_role
from app.people.accounts.values import MODERATOR
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.sql import transition

NOTHING: Final = Given()
_DECIDERS: Final = {CaseRole.FRIEND: DecidedBy.FRIEND, CaseRole.MODERATOR: DecidedBy.MODERATOR}


def open_case(actor: MemberId, order_id: OrderId, want: str, given: Given) -> CaseId:
    """One of the two says what is wrong and what would put it right: that is the first proposal.

    Raises the orders' `NotNow` when it is not the time for it or one is open already.
    """
    with unit_of_work() as unit:
        require_active(actor)
        order, sent = get_row_for_case(actor, order_id)
        side = CaseRole(side_of(order, actor).value)
        stake = rules.at_stake_of(find_payment(Subject(ORDER, order_id)), order.total)
        wants, terms = rules.check_want(want, typed_amount(given.amount, stake), side, of=stake, sent=sent)
        said = said_in(given, must=True)
        row = OrderCase(
            id=CaseId(new_id()),
            order_id=order_id,
            buyer_id=order.buyer_id,
            seller_id=order.seller_id,
            opener=side.value,
            wants=wants.value,
            wanted=terms.to_buyer,
            sent=sent,
            state=CaseState.OPEN.value,
            steps=1,
            proposal_seq=1,
            waits_for=(CaseRole.SELLER if side is CaseRole.BUYER else CaseRole.BUYER).value,
            opened_at=clock.now(),
        )
        for name, value in _times(CaseState.OPEN).items():
            setattr(row, name, value)
        db.session.add(row)
        db.session.flush()
        add_step(row.id, 1, CaseAction.OPEN, side, actor, said, terms)
        orders.hold_within(order_id)
        other = row.seller_id if side is CaseRole.BUYER else row.buyer_id
        unit.record(events.CaseOpened(case_id=row.id, order_id=order_id, opener_id=actor, other_id=other))
        _hint(unit, row)
        return row.id


def act(actor: MemberId, case_id: CaseId, action: CaseAction, given: Given = NOTHING) -> None:
    """One of the two, or their friend, does something; raises `NotNow` when it is not the time for it."""
    friend = _asked_for(actor, case_id, given.friend) if action is CaseAction.ASK_FRIEND else None
    with unit_of_work() as unit:
        require_active(actor)
        row = get_row(actor, case_id, lock=True)
        _move(unit, row, role_of(row, actor), action, given, actor, friend)


def act_as_moderator(actor: MemberId, case_id: CaseId, action: CaseAction, given: Given) -> None:
    """A moderator asks or decides; none who is one of the two, and only who has taken the case."""
    with unit_of_work() as unit:
        require_role(actor, MODERATOR)
        row = _moderated(actor, case_id)
        if row.moderator_id is not None and row.moderator_id != actor:
            raise Conflict("Another moderator is working on this complaint.", code="taken")
        row.moderator_id = actor
        db.session.flush()
        _move(unit, row, CaseRole.MODERATOR, action, given, actor)


def claim(actor: MemberId, case_id: CaseId) -> None:
    """A moderator takes the case on, or over from another; the others see it."""
    with unit_of_work():
        require_role(actor, MODERATOR)
        row = _moderated(actor, case_id)
        if not transition(OrderCase, {"id": row.id, "state": CaseState.MODERATOR.value}, {"moderator_id": actor}):
            raise rules.NotNow


def expire_within(case_id: CaseId) -> None:
    """Nobody has done in time what the case waited for."""
    with unit_of_work() as unit:
        row = find_row(case_id, lock=True)
        if row is not None:
            _move(unit, row, CaseRole.CLOCK, CaseAction.EXPIRE, NOTHING, None)


def leave_within(member_id: MemberId) -> None:
    """Somebody leaves for good: whom they were to help gets a moderator; their own cases end by the clock."""
    theirs = select(OrderCase).where(OrderCase.mediator_id == member_id, OrderCase.ended_at.is_(None))
    with unit_of_work() as unit:
        for row in db.session.scalars(theirs).all():
            if row.state in (CaseState.FRIEND_NAMED, CaseState.FRIEND):
                _move(unit, row, CaseRole.FRIEND, CaseAction.STEP_BACK, NOTHING, member_id)
            elif row.state == CaseState.FRIEND_ASKED:
                _move(unit, row, CaseRole.CLOCK, CaseAction.EXPIRE, NOTHING, None)


def _moderated(actor: MemberId, case_id: CaseId) -> OrderCase:
    row = find_row(case_id, lock=True)
    if row is None or actor in (row.buyer_id, row.seller_id):
        raise NotFound("This complaint doesn’t exist.")
    if row.state != CaseState.MODERATOR:
        raise rules.NotNow
    return row


def _asked_for(actor: MemberId, case_id: CaseId, handle: str) -> MemberId:
    """The friend who is named, before the transaction: the circles take a moment."""
    row = get_row(actor, case_id)
    wanted = find_member_id(handle)
    friends = common_friends(None, row.buyer_id, row.seller_id)
    if wanted is None or wanted not in {one.member.id for one in friends}:
        raise Invalid("Choose a friend you both trust.", code="bad_friend")
    return wanted


def _move(
    unit: UnitOfWork,
    row: OrderCase,
    who: CaseRole,
    action: CaseAction,
    given: Given,
    actor: MemberId | None,
    friend: MemberId | None = None,
) -> None:
    """One line of the table, once: of two who try at the same moment one is told that it is too late."""
    now = situation_of(row)
    move = rules.move_for(now, who, action)
    order = find_order(row.order_id, lock=True)
    if order is None:
        raise NotFound("This order doesn’t exist.")
    said = said_in(given, must="text" in move.needs and action is not CaseAction.PROPOSE)
    stake = rules.at_stake_of(find_payment(Subject(ORDER, row.order_id)), order.total)
    terms = _terms_of(row, order, now, action, given, stake)
    to = move.to or (rules.after(terms) if move.settles and terms is not None else now.state)
    seq = row.steps + 1
    changes = _changes(row, now, who, action, to, terms) | {"steps": seq}
    if action is CaseAction.ASK_FRIEND:
        changes["mediator_id"] = friend
    if not transition(OrderCase, {"id": row.id, "state": now.state.value, "steps": seq - 1}, changes):
        raise rules.NotNow
    add_step(
        row.id, seq, action, who, actor, said, terms if action in (CaseAction.PROPOSE, CaseAction.DECIDE) else None
    )
    _order_follows(row, order, to, terms, actor)
    db.session.refresh(row)
    unit.record(_happened(row, action, actor, stake))
    _hint(unit, row)


def _order_follows(row: OrderCase, order: Order, to: CaseState, terms: Terms | None, actor: MemberId | None) -> None:
    """Withdrawn it goes on; decided it ends, and the money goes where it belongs."""
    if to is CaseState.WITHDRAWN:
        orders.resume_within(row.order_id)
    if to is CaseState.DECIDED and terms is not None:
        given_back = settle_within(row.order_id, order.total, terms, actor)
        transition(OrderCase, {"id": row.id}, {"outcome_minor": given_back.minor})


def _changes(
    row: OrderCase, now: rules.Situation, who: CaseRole, action: CaseAction, to: CaseState, terms: Terms | None
) -> dict[str, Any]:
    """What the row says from now on."""
    next_ = replace(
        now,
        state=to,
        proposed_by=who if action is CaseAction.PROPOSE else now.proposed_by,
        asked_by=who if action is CaseAction.ASK_FRIEND else now.asked_by,
    )
    changes: dict[str, Any] = {"state": to.value, "waits_for": " ".join(rules.waits_for(next_))}
    if action is CaseAction.PROPOSE:
        changes["proposal_seq"] = row.steps + 1
    if action is CaseAction.ASK_FRIEND:
        changes["asked_by"] = who.value
    if to is not now.state:
        changes |= _times(to)
    if to is CaseState.MODERATOR:
        # Whoever was asked before has no part in it any more; what was settled is open again.
        fresh = ("mediator_id", "asked_by", "outcome_way", "outcome_minor", "outcome_quantity", "decided_by")
        changes |= dict.fromkeys(fresh)
    elif terms is not None and action is not CaseAction.PROPOSE:
        changes |= _outcome(terms) | {"decided_by": _decider(row, who, action)}
    if rules.is_over(to):
        changes["ended_at"] = clock.now()
    return changes


def _terms_of(
    row: OrderCase, order: Order, now: rules.Situation, action: CaseAction, given: Given, stake: Money
) -> Terms | None:
    """What is proposed, or how it ends; None where nothing of it is said."""
    match action:
        case CaseAction.PROPOSE | CaseAction.DECIDE:
            return typed_terms(given, of=stake, pieces=order.quantity, sent=row.sent)
        case CaseAction.ACCEPT:
            return proposal_of(row)
        case CaseAction.GOT_BACK | CaseAction.GOT_NEW:
            agreed = outcome_of(row)
            return rules.outcome_of_parcel(action, agreed) if agreed else None
        case CaseAction.EXPIRE if now.state is CaseState.OPEN or now.state in rules.SENDING:
            return rules.outcome_of_time(now, outcome_of(row), stake)
        case _:
            return None


def _outcome(terms: Terms) -> dict[str, Any]:
    return {
        "outcome_way": terms.way.value,
        "outcome_minor": terms.to_buyer.minor,
        "outcome_quantity": terms.quantity,
    }


def _decider(row: OrderCase, who: CaseRole, action: CaseAction) -> str:
    """Whose word it is; who gets a parcel does what was decided before."""
    if action is CaseAction.ACCEPT:
        return DecidedBy.AGREEMENT.value
    if action is CaseAction.DECIDE:
        return _DECIDERS[who].value
    return row.decided_by or DecidedBy.TIME.value


def _times(state: CaseState) -> dict[str, Any]:
    limit = limit_of(state)
    due = clock.now() + limit.after if limit else None
    return {"due_at": due, "remind_at": due - limit.remind if due and limit else None}


def _happened(row: OrderCase, action: CaseAction, actor: MemberId | None, stake: Money) -> Event:
    whose: dict[str, Any] = {
        "case_id": row.id,
        "order_id": row.order_id,
        "buyer_id": row.buyer_id,
        "seller_id": row.seller_id,
        "actor_id": actor,
        "mediator_id": row.mediator_id,
    }
    if row.state != CaseState.DECIDED:
        return events.CaseMoved(**whose, action=action.value, state=row.state)
    return events.CaseDecided(
        **whose,
        way=row.outcome_way or "",
        to_buyer_minor=row.outcome_minor or 0,
        at_stake_minor=stake.minor,
        currency=row.currency,
        by=row.decided_by or "",
    )


def _hint(unit: UnitOfWork, row: OrderCase) -> None:
    rooms = [f"member:{one}" for one in (row.buyer_id, row.seller_id, row.mediator_id) if one is not None]
    unit.hint(tuple(rooms), "order:changed", {"id": row.order_id})
