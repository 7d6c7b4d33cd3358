"""Coupons: made by a merchant, held for a checkout, used by an order or given back; counted by one statement each."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from app.kernel.clock import clock
from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import CouponId, CouponUseId, MemberId, OrderId, StoreId, new_id
from app.kernel.money import Money
from app.merchants.coupons import rules
from app.merchants.coupons.models import Coupon, CouponPerson, CouponUse
from app.merchants.coupons.queries import worth_of
from app.merchants.coupons.values import MAX_COUPONS, CouponDraft, UseState
from app.merchants.stores.queries import find_store_of
from app.merchants.stores.service import MERCHANT
from app.people.accounts.queries import require_active, require_role
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_or_ignore, transition, transitioned, upsert

_AT_ONCE = 500


def save_coupon(actor: MemberId, draft: CouponDraft) -> None:
    """A new code of the actor's store, or other terms of the same one; how often it was used stays counted."""
    code = rules.check_code(draft.code)
    rules.check_draft(draft)
    worth = draft.worth
    with unit_of_work():
        store_id = _own_store(actor)
        others = select(func.count()).where(Coupon.store_id == store_id, Coupon.code != code)
        if (db.session.scalar(others) or 0) >= MAX_COUPONS:
            raise Invalid("There are too many already. Remove one first.", code="too_many")
        row = {
            "id": new_id(),
            "store_id": store_id,
            "code": code,
            "currency": worth.minimum.currency,
            "percent": worth.percent,
            "amount_minor": None if worth.amount is None else worth.amount.minor,
            "minimum_minor": worth.minimum.minor,
            "uses_most": draft.uses_most,
            "each_most": draft.each_most,
            "taken": 0,
            "valid_from": draft.valid_from or clock.now(),
            "valid_until": draft.valid_until,
            "ended_at": None,
        }
        kept = ("id", "store_id", "code", "taken")
        if not upsert(
            Coupon,
            row,
            keys=("store_id", "code"),
            news=tuple(name for name in row if name not in kept),
            where=None if draft.uses_most is None else Coupon.taken <= draft.uses_most,
        ):
            raise Invalid("It has been used more often already.", code="bad_limit")


def end_coupon(actor: MemberId, coupon_id: CouponId) -> None:
    """Nobody can use it any more; orders that did stay as they are. A second time changes nothing."""
    with unit_of_work():
        mine = {"id": coupon_id, "store_id": _own_store(actor), "ended_at": None}
        transition(Coupon, mine, {"ended_at": clock.now()})


def hold_within(member_id: MemberId, store_id: StoreId, code: str, checkout: str, goods: Money) -> CouponUseId:
    """Set one use aside for this checkout, in place of another code of the store; raises `CouponUsedUp` and others."""
    with unit_of_work():
        require_active(member_id)
        now = clock.now()
        found = db.session.scalars(
            select(Coupon).where(Coupon.store_id == store_id, Coupon.code == code.strip().upper(), *_open(now))
        ).one_or_none()
        if found is None:
            raise rules.CouponUnknown
        worth = worth_of(found)
        if goods.currency != worth.minimum.currency:
            raise rules.CouponUnknown
        if goods < worth.minimum:
            raise Invalid(
                "This code is for orders from %(minimum)s.", code="coupon_minimum", minimum=str(worth.minimum)
            )
        lapse(found.id)
        same = {"coupon_id": found.id, "checkout": checkout, "member_id": member_id, "state": UseState.LOCKED.value}
        before = transitioned(CouponUse, same, {"until": now + rules.HELD_FOR}, CouponUse.id)
        if before is not None:
            return CouponUseId(before[0])
        let_go_within(member_id, store_id, checkout)
        _take(found.id, member_id)
        use_id = CouponUseId(new_id())
        row = {"id": use_id, "until": now + rules.HELD_FOR, "order_id": None, **same}
        # Whoever sends the same twice at once waits at the count, and finds it here.
        if not insert_or_ignore(CouponUse, row):
            raise rules.CouponUsedUp
        return use_id


def let_go_within(member_id: MemberId, store_id: StoreId, checkout: str) -> None:
    """What is held of this store for the checkout can be used by others."""
    with unit_of_work():
        query = (
            select(CouponUse.id)
            .join(Coupon, Coupon.id == CouponUse.coupon_id)
            .where(
                Coupon.store_id == store_id,
                CouponUse.checkout == checkout,
                CouponUse.member_id == member_id,
                CouponUse.state == UseState.LOCKED.value,
            )
        )
        for use_id in db.session.scalars(query).all():
            _roll_back(use_id, UseState.LOCKED)


def redeem_within(use_id: CouponUseId, order_id: OrderId) -> None:
    """The order has used it; raises `CouponUsedUp` when it is held no longer."""
    with unit_of_work():
        held = {"id": use_id, "state": UseState.LOCKED.value}
        if not transition(CouponUse, held, {"state": UseState.REDEEMED.value, "order_id": order_id}):
            raise rules.CouponUsedUp


def give_back(order_id: OrderId) -> None:
    """The order is called off: its coupon can be used again; a second time changes nothing."""
    with unit_of_work():
        query = select(CouponUse.id).where(CouponUse.order_id == order_id, CouponUse.state == UseState.REDEEMED.value)
        for use_id in db.session.scalars(query).all():
            _roll_back(use_id, UseState.REDEEMED)


def lapse(coupon_id: CouponId | None = None) -> int:
    """What was held for too long can be used by others, of one coupon or of all; answers how many."""
    with unit_of_work():
        which = [CouponUse.state == UseState.LOCKED.value, CouponUse.until <= clock.now()]
        if coupon_id is not None:
            which.append(CouponUse.coupon_id == coupon_id)
        query = select(CouponUse.id).where(*which).order_by(CouponUse.until).limit(_AT_ONCE)
        return sum(_roll_back(use_id, UseState.LOCKED) for use_id in db.session.scalars(query).all())


def _take(coupon_id: CouponId, member_id: MemberId) -> None:
    """One more in all and of this person, if there may be one more."""
    free = or_(Coupon.uses_most.is_(None), Coupon.taken < Coupon.uses_most)
    taken = db.session.execute(
        update(Coupon)
        .where(Coupon.id == coupon_id, free, *_open(clock.now()))
        .values(taken=Coupon.taken + 1)
        .returning(Coupon.each_most)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        raise rules.CouponUsedUp
    each = taken.each_most
    if not upsert(
        CouponPerson,
        {"coupon_id": coupon_id, "member_id": member_id, "taken": 1},
        keys=("coupon_id", "member_id"),
        news={"taken": CouponPerson.taken + 1},
        where=None if each is None else CouponPerson.taken < each,
    ):
        raise rules.CouponUsedUp


def _roll_back(use_id: CouponUseId, state: UseState) -> bool:
    gone = transitioned(
        CouponUse,
        {"id": use_id, "state": state.value},
        {"state": UseState.ROLLED_BACK.value},
        CouponUse.coupon_id,
        CouponUse.member_id,
    )
    if gone is None:
        return False
    for counter, key in (
        (Coupon, Coupon.id == gone.coupon_id),
        (
            CouponPerson,
            and_(CouponPerson.coupon_id == gone.coupon_id, CouponPerson.member_id == gone.member_id),
        ),
    ):
        db.session.execute(
            update(counter).where(key).values(taken=counter.taken - 1).execution_options(synchronize_session=False)
        )
    return True


def _open(now: object) -> tuple[ColumnElement[bool], ...]:
    return (
        Coupon.ended_at.is_(None),
        Coupon.valid_from <= now,
        or_(Coupon.valid_until.is_(None), Coupon.valid_until > now),
    )


def _own_store(actor: MemberId) -> StoreId:
    require_role(actor, MERCHANT)
    store = find_store_of(actor)
    if store is None:
        raise NotFound("Open your store first.")
    return store.id
