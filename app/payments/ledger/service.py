"""Moving money: every use is one balanced transaction, made once for each key.

The functions `…_within` join the unit of work of the use case that calls them (alone they make one of their
own): what a deal moves belongs in one call, which takes its accounts in one order. Who may move money, and
when, is decided by the room that calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, NotFound
from app.kernel.ids import AccountId, HoldId, PostingId, PostingKey
from app.kernel.money import Money
from app.payments.ledger import statements
from app.payments.ledger.events import HoldExpired
from app.payments.ledger.models import Account, OpenHold
from app.payments.ledger.rules import (
    Standing,
    check_legs,
    check_reversal,
    default_overdraft,
    move,
    set_aside,
    settle,
)
from app.payments.ledger.values import MOVED, AccountKind, AccountRef, Leg, Phase
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.sql import insert_or_ignore

_SWEPT = 200


def transfer_within(legs: Sequence[Leg], key: PostingKey) -> list[PostingId]:
    """Move all of it or nothing; the same key again moves nothing more and answers the same postings."""
    check_legs(legs, key)
    with unit_of_work():
        accounts = _lock(legs)
        if known := _known(key, legs, accounts, Phase.SINGLE):
            return known
        _check_reversals(legs)
        before = _copy(accounts)
        rows = []
        for number, leg in enumerate(legs):
            debit, credit = _ends(leg, accounts)
            move(debit.standing, credit.standing, leg.kind, leg.money.minor)
            rows.append(_row(key, number, leg, debit, credit, Phase.SINGLE))
        return _write(before, accounts, rows)


def hold_within(leg: Leg, key: PostingKey, until: datetime) -> HoldId:
    """Set an amount aside until then: it stays where it is, and nobody can spend it elsewhere."""
    check_legs([leg], key)
    with unit_of_work():
        accounts = _lock([leg])
        if known := _known(key, [leg], accounts, Phase.PENDING):
            return HoldId(known[0])
        before = _copy(accounts)
        debit, credit = _ends(leg, accounts)
        set_aside(debit.standing, credit.standing, leg.kind, leg.money.minor)
        ident = HoldId(_write(before, accounts, [_row(key, 0, leg, debit, credit, Phase.PENDING)])[0])
        db.session.execute(statements.OPEN, {"posting_id": ident, "until": until})
        return ident


def post_hold_within(hold: HoldId, amount: Money, key: PostingKey) -> PostingId:
    """Move what was set aside, or a part of it; the rest is free again. Once, and before its time is over."""
    return _settle_within(hold, amount, key)


def void_hold_within(hold: HoldId, key: PostingKey) -> PostingId:
    """Let go of what was set aside. Once."""
    return _settle_within(hold, None, key)


def set_overdraft_within(account: AccountRef, overdraft: Money) -> None:
    """How far below zero refunds may bring the account."""
    with unit_of_work():
        _open([account], overdraft.currency)
        db.session.execute(
            Account.__table__.update()  # type: ignore[attr-defined] # a Table, as the class cannot say
            .where(Account.code == account.code(overdraft.currency))
            .values(overdraft_minor=overdraft.minor)
        )


def void_expired() -> int:
    """Let go of everything whose time is over; answers how many holds that were."""
    done = 0
    now = clock.now()
    while True:
        query = select(OpenHold.posting_id).where(OpenHold.until <= now).order_by(OpenHold.until).limit(_SWEPT)
        found = list(db.session.scalars(query))
        for hold in found:
            done += _expire(hold)
        if len(found) < _SWEPT:
            return done


def _expire(hold: HoldId) -> bool:
    with unit_of_work() as unit:
        try:
            void_hold_within(hold, PostingKey(f"hold:{hold}:expired"))
        except Conflict:  # somebody has decided in the same moment
            return False
        row = db.session.execute(statements.BY_ID, {"posting": hold}).one()
        unit.record(HoldExpired(hold_id=hold, subject_kind=row.subject_kind, subject_id=row.subject_id))
    return True


class _Held:
    """An account that nobody else can move until the commit."""

    __slots__ = ("id", "standing")

    def __init__(self, row: Row[*tuple[Any, ...]]) -> None:
        self.id: AccountId = row.id
        self.standing = Standing(
            kind=AccountKind(row.kind),
            overdraft=row.overdraft_minor,
            balance=row.balance_minor,
            held=row.held_minor,
            coming=row.coming_minor,
        )

    @property
    def sums(self) -> tuple[int, int, int]:
        return self.standing.balance, self.standing.held, self.standing.coming


_Accounts = Mapping[str, _Held]


def _settle_within(hold: HoldId, amount: Money | None, key: PostingKey) -> PostingId:
    """Whoever takes the row of the open hold decides; everybody else is told what became of it."""
    with unit_of_work():
        closing = statements.CLOSE if amount is None else statements.CLOSE_IN_TIME
        values = {"hold": hold} if amount is None else {"hold": hold, "now": clock.now()}
        taken = db.session.execute(closing, values).first()
        pending = db.session.execute(statements.BY_ID, {"posting": hold}).first()
        if taken is None or pending is None:
            return _settled_already(hold, pending, amount, key)
        if amount is not None and amount.currency != pending.currency:
            raise Conflict("This is held in another currency.", code="bad_currency")
        ids = [pending.debit_id, pending.credit_id]
        rows = db.session.execute(statements.LOCK_BY_ID, {"ids": ids}).all()
        accounts = {row.code: _Held(row) for row in rows}
        by_id = {one.id: one for one in accounts.values()}
        debit, credit = by_id[pending.debit_id], by_id[pending.credit_id]
        before = _copy(accounts)
        settle(debit.standing, credit.standing, pending.amount_minor, amount.minor if amount else 0)
        phase = Phase.POSTED if amount else Phase.VOIDED
        again = dict.fromkeys(("kind", "currency", "subject_kind", "subject_id", "member_id", "rate_ppm"))
        row = {name: getattr(pending, name) for name in again} | {
            "key": key,
            "leg": 0,
            "at": clock.now(),
            "phase": phase,
            "debit_id": debit.id,
            "credit_id": credit.id,
            "amount_minor": amount.minor if amount else pending.amount_minor,
            "debit_balance": debit.standing.balance,
            "credit_balance": credit.standing.balance,
            "settles_id": hold,
            "reverses_id": None,
        }
        return _write(before, accounts, [row])[0]


def _settled_already(
    hold: HoldId, pending: Row[*tuple[Any, ...]] | None, amount: Money | None, key: PostingKey
) -> PostingId:
    if pending is None or pending.phase != Phase.PENDING:
        raise NotFound("Nothing is held here.")
    wanted = (hold, Phase.POSTED, amount.minor) if amount else (hold, Phase.VOIDED, pending.amount_minor)
    for row in db.session.execute(statements.KNOWN, {"key": key}):
        if (row.settles_id, row.phase, row.amount_minor) == wanted:
            return PostingId(row.id)
    if db.session.get(OpenHold, hold) is not None:
        raise Conflict("The time for this is over.", code="hold_expired")
    raise Conflict("This has already been decided.", code="hold_settled")


def _lock(legs: Sequence[Leg]) -> dict[str, _Held]:
    """All accounts of the legs, opened where they are new, in the one order that everybody takes them in."""
    codes = _codes(legs)
    rows = db.session.execute(statements.LOCK_BY_CODE, {"codes": codes}).all()
    if len(rows) < len(codes):
        for currency in sorted({leg.money.currency for leg in legs}):
            _open([end for leg in legs if leg.money.currency == currency for end in (leg.debit, leg.credit)], currency)
        rows = db.session.execute(statements.LOCK_BY_CODE, {"codes": codes}).all()
    return {row.code: _Held(row) for row in rows}


def _codes(legs: Sequence[Leg]) -> list[str]:
    return sorted({end.code(leg.money.currency) for leg in legs for end in (leg.debit, leg.credit)})


def _open(accounts: Sequence[AccountRef], currency: str) -> None:
    now = clock.now()
    rows = {
        one.code(currency): {
            "code": one.code(currency),
            "kind": one.kind,
            "owner_id": one.owner_id,
            "currency": currency,
            "balance_minor": 0,
            "held_minor": 0,
            "coming_minor": 0,
            "overdraft_minor": default_overdraft(one, currency),
            "opened_at": now,
        }
        for one in accounts
    }
    insert_or_ignore(Account, [rows[code] for code in sorted(rows)], keys=("code",))


def _ends(leg: Leg, accounts: _Accounts) -> tuple[_Held, _Held]:
    currency = leg.money.currency
    return accounts[leg.debit.code(currency)], accounts[leg.credit.code(currency)]


def _known(key: PostingKey, legs: Sequence[Leg], accounts: _Accounts, phase: Phase) -> list[PostingId]:
    """Asked when the accounts are locked: whoever used the key before has committed."""
    rows = db.session.execute(statements.KNOWN, {"key": key}).all()
    if not rows:
        return []
    said = [(row.debit_id, row.credit_id, row.amount_minor, row.kind, row.phase) for row in rows]
    asked = []
    for leg in legs:
        debit, credit = _ends(leg, accounts)
        asked.append((debit.id, credit.id, leg.money.minor, leg.kind, phase))
    if said != asked:
        raise Conflict("This has already been booked, with other amounts.", code="key_reused")
    return [row.id for row in rows]


def _check_reversals(legs: Sequence[Leg]) -> None:
    reversing = [leg for leg in legs if leg.reverses is not None]
    if not reversing:
        return
    ids = sorted({leg.reverses for leg in reversing if leg.reverses is not None})
    found = {row.id: row for row in db.session.execute(statements.REVERSED, {"ids": ids})}
    given_back: dict[int, int] = {
        row[0]: int(row[1]) for row in db.session.execute(statements.GIVEN_BACK, {"ids": ids})
    }
    for leg in reversing:
        original = found.get(leg.reverses)
        if original is None or Phase(original.phase) not in MOVED:
            raise NotFound("This payment was not found.")
        before = given_back.get(original.id, 0)
        check_reversal(Money(original.amount_minor, original.currency), before, leg.money)
        given_back[original.id] = before + leg.money.minor


def _row(key: PostingKey, number: int, leg: Leg, debit: _Held, credit: _Held, phase: Phase) -> dict[str, Any]:
    return {
        "key": key,
        "leg": number,
        "at": clock.now(),
        "kind": leg.kind,
        "phase": phase,
        "debit_id": debit.id,
        "credit_id": credit.id,
        "amount_minor": leg.money.minor,
        "currency": leg.money.currency,
        "debit_balance": debit.standing.balance,
        "credit_balance": credit.standing.balance,
        "subject_kind": leg.subject.kind,
        "subject_id": leg.subject.id,
        "member_id": leg.member,
        "rate_ppm": leg.rate_ppm,
        "settles_id": None,
        "reverses_id": leg.reverses,
    }


def _copy(accounts: _Accounts) -> dict[AccountId, tuple[int, int, int]]:
    return {one.id: one.sums for one in accounts.values()}


def _write(
    before: Mapping[AccountId, tuple[int, int, int]], accounts: _Accounts, rows: list[dict[str, Any]]
) -> list[PostingId]:
    changes = [
        {
            "account": one.id,
            **dict(zip(("old_balance", "old_held", "old_coming"), before[one.id], strict=True)),
            **dict(zip(("new_balance", "new_held", "new_coming"), one.sums, strict=True)),
        }
        for one in sorted(accounts.values(), key=lambda one: one.id)
    ]
    if rows_changed(db.session.execute(statements.MOVE, changes)) != len(changes):
        raise Conflict("This has just changed. Try again.", code="conflict")
    return list(db.session.scalars(statements.POST, rows))
