"""What must hold of money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app.kernel.clock import clock
from app.payments.ledger.models import Account, OpenHold, Posting
from app.payments.ledger.values import MOVED, Phase
from app.platform.database import db

# The job looks once a minute; a server that starts has some to catch up with.
LATE: Final = timedelta(minutes=10)


def run() -> list[str]:
    """Nothing is made or lost, and nothing stays set aside for good."""
    return [*_currencies(), *_sums(), *_legs(), *_holds(), *_reversals()]


def _currencies() -> Iterator[str]:
    total = func.sum(Account.balance_minor)
    for row in db.session.execute(select(Account.currency, total).group_by(Account.currency).having(total != 0)):
        yield f"{row[0]}: the accounts add up to {row[1]} minor units, not to zero"


def _sums() -> Iterator[str]:
    moved = case((Posting.phase.in_(MOVED), Posting.amount_minor), else_=0)
    settled = aliased(Posting)
    pending = case((Posting.phase == Phase.PENDING, Posting.amount_minor), else_=0)
    # What is settled is no longer pending; the settling row says so, the pending one stays as it was.
    done = select(settled.settles_id).where(settled.settles_id.is_not(None))
    is_open = case((Posting.id.in_(done), 0), else_=pending)
    sides = union_all(
        select(
            Posting.debit_id.label("account"),
            func.sum(-moved).label("balance"),
            func.sum(is_open).label("held"),
            literal(0).label("coming"),
        ).group_by(Posting.debit_id),
        select(Posting.credit_id, func.sum(moved), literal(0), func.sum(is_open)).group_by(Posting.credit_id),
    ).subquery()
    sums = (
        select(
            sides.c.account,
            func.sum(sides.c.balance).label("balance"),
            func.sum(sides.c.held).label("held"),
            func.sum(sides.c.coming).label("coming"),
        )
        .group_by(sides.c.account)
        .subquery()
    )
    names = ("balance", "held", "coming")
    wanted = [func.coalesce(sums.c[name], 0) for name in names]
    kept = [Account.balance_minor, Account.held_minor, Account.coming_minor]
    query = (
        select(Account.code, *kept, *wanted)
        .outerjoin(sums, sums.c.account == Account.id)
        .where(or_(*(one != other for one, other in zip(kept, wanted, strict=True))))
    )
    for code, *amounts in db.session.execute(query):
        for place, name in enumerate(names):
            if amounts[place] != amounts[place + 3]:
                yield f"account {code}: its {name} is {amounts[place]}, its postings say {amounts[place + 3]}"


def _legs() -> Iterator[str]:
    debit, credit = aliased(Account), aliased(Account)
    query = (
        select(Posting.id)
        .join(debit, debit.id == Posting.debit_id)
        .join(credit, credit.id == Posting.credit_id)
        .where(or_(debit.currency != Posting.currency, credit.currency != Posting.currency))
    )
    for ident in db.session.scalars(query):
        yield f"posting {ident}: it is of another currency than its accounts"


def _holds() -> Iterator[str]:
    late = select(OpenHold.posting_id).where(OpenHold.until < clock.now() - LATE)
    for open_hold in db.session.scalars(late):
        yield f"hold {open_hold}: its time is over and it is set aside still"
    settling = aliased(Posting)
    query = (
        select(Posting.id, OpenHold.posting_id, settling.id)
        .outerjoin(OpenHold, OpenHold.posting_id == Posting.id)
        .outerjoin(settling, settling.settles_id == Posting.id)
        .where(Posting.phase == Phase.PENDING, OpenHold.posting_id.is_(None) == settling.id.is_(None))
    )
    for hold, opened, _settled in db.session.execute(query):
        yield f"hold {hold}: it is {'open and settled at once' if opened else 'neither open nor settled'}"
    above = (
        select(settling.id)
        .join(Posting, Posting.id == settling.settles_id)
        .where(or_(settling.amount_minor > Posting.amount_minor, Posting.phase != Phase.PENDING))
    )
    for ident in db.session.scalars(above):
        yield f"posting {ident}: it takes more than was set aside"


def _reversals() -> Iterator[str]:
    reversing, again = aliased(Posting), aliased(Posting)
    came_again = select(func.coalesce(func.sum(again.amount_minor), 0)).where(again.reverses_id == reversing.id)
    back = func.sum(reversing.amount_minor - came_again.correlate(reversing).scalar_subquery())
    query = (
        select(Posting.id, Posting.amount_minor, back)
        .join(reversing, reversing.reverses_id == Posting.id)
        .where(reversing.phase.in_(MOVED))
        .group_by(Posting.id, Posting.amount_minor)
        .having(back > Posting.amount_minor)
    )
    for ident, whole, given in db.session.execute(query):
        yield f"posting {ident}: {given} of {whole} minor units were given back"


CHECKS = {"ledger": run}
