"""What must hold of payments: each state has its money in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.payments.escrow.models import PaymentRow
from app.payments.escrow.values import Method, State
from app.payments.ledger.models import Account, Posting
from app.payments.ledger.values import AccountKind
from app.platform.database import db

_WITH_MONEY = (State.PAID, State.RELEASED, State.REFUNDED)


def run() -> list[str]:
    """No state without its money, no money without its state."""
    return [*_payments(), *_refunds(), *_escrow()]


def _payments() -> Iterator[str]:
    bare = select(PaymentRow.id, PaymentRow.state).where(
        PaymentRow.state.in_(_WITH_MONEY) != PaymentRow.posting_id.is_not(None)
    )
    for ident, state in db.session.execute(bare):
        yield f"payment {ident}: it is {state}, and the ledger does not say so"
    other = (
        select(PaymentRow.id)
        .join(Posting, Posting.id == PaymentRow.posting_id)
        .where(or_(Posting.amount_minor != PaymentRow.amount_minor, Posting.currency != PaymentRow.currency))
    )
    for ident in db.session.scalars(other):
        yield f"payment {ident}: the ledger has another amount"


def _refunds() -> Iterator[str]:
    again = aliased(Posting)
    came_again = select(func.coalesce(func.sum(again.amount_minor), 0)).where(again.reverses_id == Posting.id)
    back = func.coalesce(func.sum(Posting.amount_minor - came_again.correlate(Posting).scalar_subquery()), 0)
    query = (
        select(PaymentRow.id, PaymentRow.refunded_minor, back)
        .outerjoin(Posting, Posting.reverses_id == PaymentRow.posting_id)
        .group_by(PaymentRow.id, PaymentRow.refunded_minor)
        .having(back != PaymentRow.refunded_minor)
    )
    for ident, said, posted in db.session.execute(query):
        yield f"payment {ident}: {said} minor units were refunded, the ledger says {posted}"


def _escrow() -> Iterator[str]:
    """What is kept for a buyer is what their open card payments add up to."""
    left = func.sum(PaymentRow.amount_minor - PaymentRow.refunded_minor)
    is_kept = and_(PaymentRow.method == Method.CARD, PaymentRow.state == State.PAID)
    kept = (
        select(PaymentRow.buyer_id, PaymentRow.currency, left.label("kept"))
        .where(is_kept)
        .group_by(PaymentRow.buyer_id, PaymentRow.currency)
        .subquery()
    )
    wanted = func.coalesce(kept.c.kept, 0)
    query = (
        select(Account.code, Account.balance_minor, wanted)
        .outerjoin(kept, and_(kept.c.buyer_id == Account.owner_id, kept.c.currency == Account.currency))
        .where(Account.kind == AccountKind.ESCROW, Account.balance_minor != wanted)
    )
    for code, balance, expected in db.session.execute(query):
        yield f"account {code}: it holds {balance} minor units, its open payments are {expected}"


CHECKS = {"payments": run}
