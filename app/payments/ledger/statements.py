"""What a posting asks of the database, built once."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, and_, bindparam, delete, func, insert, select, update

from app.payments.ledger.models import Account, OpenHold, Posting

_ACCOUNT = cast(Table, Account.__table__)
_POSTING = cast(Table, Posting.__table__)
_OPEN = cast(Table, OpenHold.__table__)

_STANDING = (
    *(_ACCOUNT.c.id, _ACCOUNT.c.code, _ACCOUNT.c.kind, _ACCOUNT.c.overdraft_minor),
    *(_ACCOUNT.c.balance_minor, _ACCOUNT.c.held_minor, _ACCOUNT.c.coming_minor),
)
# Held until the commit, in one order: two transactions over the same accounts follow each other.
LOCK_BY_CODE = (
    select(*_STANDING)
    .where(_ACCOUNT.c.code.in_(bindparam("codes", expanding=True)))
    .order_by(_ACCOUNT.c.id)
    .with_for_update()
)
LOCK_BY_ID = (
    select(*_STANDING)
    .where(_ACCOUNT.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_ACCOUNT.c.id)
    .with_for_update()
)
# The values from before are a condition: whatever was not seen is not written over.
MOVE = (
    update(_ACCOUNT)
    .where(
        _ACCOUNT.c.id == bindparam("account"),
        _ACCOUNT.c.balance_minor == bindparam("old_balance"),
        _ACCOUNT.c.held_minor == bindparam("old_held"),
        _ACCOUNT.c.coming_minor == bindparam("old_coming"),
    )
    .values(
        balance_minor=bindparam("new_balance"), held_minor=bindparam("new_held"), coming_minor=bindparam("new_coming")
    )
)
KNOWN = select(
    *(_POSTING.c.id, _POSTING.c.leg, _POSTING.c.debit_id, _POSTING.c.credit_id, _POSTING.c.amount_minor),
    *(_POSTING.c.kind, _POSTING.c.settles_id, _POSTING.c.phase),
).where(_POSTING.c.key == bindparam("key"))
KNOWN = KNOWN.order_by(_POSTING.c.leg)
POST = insert(_POSTING).returning(_POSTING.c.id, sort_by_parameter_order=True)
OPEN = insert(_OPEN)
CLOSE = delete(_OPEN).where(_OPEN.c.posting_id == bindparam("hold")).returning(_OPEN.c.until)
CLOSE_IN_TIME = CLOSE.where(_OPEN.c.until > bindparam("now"))
BY_ID = select(_POSTING).where(_POSTING.c.id == bindparam("posting"))
# Whoever reverses it too waits here.
REVERSED = select(_POSTING.c.id, _POSTING.c.currency, _POSTING.c.amount_minor, _POSTING.c.phase).where(
    _POSTING.c.id.in_(bindparam("ids", expanding=True))
)
REVERSED = REVERSED.order_by(_POSTING.c.id).with_for_update()
_AGAIN = _POSTING.alias()
# What was taken back and then came again, as from a dispute that was won, is not given back.
_CAME_AGAIN = (
    select(func.coalesce(func.sum(_AGAIN.c.amount_minor), 0))
    .where(_AGAIN.c.reverses_id == _POSTING.c.id)
    .correlate(_POSTING)
    .scalar_subquery()
)
GIVEN_BACK = (
    select(_POSTING.c.reverses_id, func.sum(_POSTING.c.amount_minor - _CAME_AGAIN))
    .where(
        and_(
            _POSTING.c.reverses_id.in_(bindparam("ids", expanding=True)),
            _POSTING.c.phase.in_(("single", "posted")),
        )
    )
    .group_by(_POSTING.c.reverses_id)
)
