"""Asking a friend to stand in, doing so, and what becomes of it. It falls due only by a decision."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import GuaranteeId, MemberId, OrderId, PostingKey, is_id, new_id
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.guarantees.events import GuaranteeCalled, GuaranteeGiven, GuarantorAsked
from app.market.guarantees.models import Guarantee, GuarantorTotal
from app.market.guarantees.values import HELD_FOR, LIMIT, State
from app.market.orders.queries import KIND, get_row, role_of
from app.market.orders.values import Stage, Who
from app.payments.ledger.service import hold_within, post_hold_within, void_hold_within
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement
from app.people.accounts.queries import is_active, require_active
from app.people.blocks.queries import is_blocked_between
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.limits import check_rate
from app.platform.sql import insert_or_ignore, is_race, transition
from app.trust.circle.queries import circle_of


def ask_guarantor(actor: MemberId, order_id: OrderId, guarantor_id: MemberId, amount: Money) -> GuaranteeId:
    """The buyer asks somebody whom they trust; one at a time."""
    trusted = guarantor_id in circle_of(actor)
    try:
        with unit_of_work() as unit:
            require_active(actor)
            row = get_row(actor, order_id)
            if role_of(row, actor) is not Who.BUYER:
                raise Forbidden("Only the buyer can ask for a guarantor.", code="not_yours")
            if row.stage not in (Stage.PLACED, Stage.CONFIRMED):
                raise Conflict("It’s too late for a guarantor.", code="not_now")
            if guarantor_id in (actor, row.seller_id) or not trusted or not is_active(guarantor_id):
                raise Invalid("Choose a friend you trust.", code="bad_guarantor")
            if is_blocked_between(guarantor_id, row.seller_id):
                raise Invalid("Choose another friend.", code="bad_guarantor")
            if amount.currency != row.currency or not 0 < amount.minor <= row.total_minor:
                raise Invalid("Enter an amount up to the price.", code="bad_amount")
            check_rate(f"guarantor:{actor}", "20/day")
            found = Guarantee(
                id=GuaranteeId(new_id()),
                order_id=order_id,
                buyer_id=actor,
                seller_id=row.seller_id,
                guarantor_id=guarantor_id,
                amount=amount,
                state=State.ASKED.value,
                called_minor=0,
                created_at=clock.now(),
            )
            db.session.add(found)
            db.session.flush()
            unit.record(
                GuarantorAsked(guarantee_id=found.id, order_id=order_id, buyer_id=actor, guarantor_id=guarantor_id)
            )
            return found.id
    except IntegrityError as problem:
        if not is_race(problem):
            raise
        raise Conflict("You’ve already asked a friend.", code="already_asked") from problem


def answer_guarantee(actor: MemberId, guarantee_id: GuaranteeId, *, accept: bool) -> None:
    """The friend stands in, within what one person may promise at once, or does not."""
    with unit_of_work() as unit:
        require_active(actor)
        row = _row(guarantee_id)
        if row is None or row.guarantor_id != actor:
            raise NotFound("This request doesn’t exist.")
        to = State.PROMISED if accept else State.DECLINED
        if not transition(Guarantee, {"id": row.id, "state": State.ASKED.value}, {"state": to.value}):
            raise Conflict("This has already been answered.", code="not_now")
        if not accept:
            return
        take_within(actor, row.amount)
        key, until = PostingKey(f"guarantee:{row.id}"), clock.now() + HELD_FOR
        hold = hold_within(_leg(row), key, until)
        transition(Guarantee, {"id": row.id}, {"hold_id": hold})
        unit.record(
            GuaranteeGiven(guarantee_id=row.id, order_id=row.order_id, buyer_id=row.buyer_id, guarantor_id=actor)
        )


def take_within(guarantor_id: MemberId, amount: Money) -> None:
    """So much more is promised: one conditional statement, and the constraint behind it."""
    with unit_of_work():
        whose = {"member_id": guarantor_id, "currency": amount.currency}
        insert_or_ignore(GuarantorTotal, {**whose, "promised_minor": 0, "limit_minor": LIMIT})
        enough = GuarantorTotal.promised_minor + amount.minor <= GuarantorTotal.limit_minor
        more = update(GuarantorTotal).where(_of(guarantor_id, amount.currency), enough)
        more = more.values(promised_minor=GuarantorTotal.promised_minor + amount.minor)
        if not rows_changed(db.session.execute(more)):
            raise Conflict("That’s more than one person may guarantee at once.", code="guarantor_limit")


def release_within(order_id: OrderId) -> None:
    """The deal is over: nobody stands in any more. The same again changes nothing."""
    with unit_of_work():
        row = _standing(order_id)
        if row is None:
            return
        asked = {"id": row.id, "state": State.ASKED.value}
        if transition(Guarantee, asked, {"state": State.RELEASED.value}):
            return
        promised = {"id": row.id, "state": State.PROMISED.value}
        if transition(Guarantee, promised, {"state": State.RELEASED.value}):
            _give_back(row)
            if row.hold_id is not None:
                _void(row)


def call_within(order_id: OrderId, amount: Money) -> Money:
    """A decision makes it fall due, up to what was promised; answers how much that is. Once."""
    with unit_of_work() as unit:
        row = _standing(order_id)
        nothing = Money(0, amount.currency)
        if row is None or row.state != State.PROMISED or row.hold_id is None or amount.currency != row.currency:
            return nothing
        due = min(amount, row.amount)
        if not due:
            return nothing
        promised = {"id": row.id, "state": State.PROMISED.value}
        if not transition(Guarantee, promised, {"state": State.CALLED.value, "called_minor": due.minor}):
            return nothing
        _give_back(row)
        post_hold_within(row.hold_id, due, PostingKey(f"guarantee:{row.id}:called"))
        unit.record(
            GuaranteeCalled(
                guarantee_id=row.id,
                order_id=order_id,
                guarantor_id=row.guarantor_id,
                amount_minor=due.minor,
                currency=due.currency,
            )
        )
        return due


def _void(row: Guarantee) -> None:
    if row.hold_id is None:
        return
    try:
        void_hold_within(row.hold_id, PostingKey(f"guarantee:{row.id}:released"))
    except Conflict:  # its time was over before
        return


def _give_back(row: Guarantee) -> None:
    less = update(GuarantorTotal).where(_of(row.guarantor_id, row.currency))
    db.session.execute(less.values(promised_minor=GuarantorTotal.promised_minor - row.amount_minor))


def _of(member_id: MemberId, currency: str) -> ColumnElement[bool]:
    return (GuarantorTotal.member_id == member_id) & (GuarantorTotal.currency == currency)


def _leg(row: Guarantee) -> Leg:
    """From purse to purse, past the house: no balance comes of a promise."""
    return Leg(
        debit=AccountRef(AccountKind.OUTSIDE, row.guarantor_id),
        credit=AccountRef(AccountKind.OUTSIDE, row.seller_id),
        money=row.amount,
        kind=Movement.GUARANTEE,
        subject=Subject(KIND, row.order_id),
        member=row.guarantor_id,
    )


def _row(guarantee_id: GuaranteeId) -> Guarantee | None:
    if not is_id(guarantee_id):
        return None
    return db.session.get(Guarantee, guarantee_id, populate_existing=True, with_for_update=True)


def _standing(order_id: OrderId) -> Guarantee | None:
    states = (State.ASKED.value, State.PROMISED.value)
    query = select(Guarantee).where(Guarantee.order_id == order_id, Guarantee.state.in_(states))
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
