"""How far the money of a thing is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, or_, select

from app.kernel.errors import NotFound
from app.kernel.ids import MemberId, PaymentId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.escrow.models import PaymentRow
from app.payments.escrow.rules import commission
from app.payments.escrow.values import Method, PaymentFacts, State
from app.platform.database import db

COLUMNS = tuple(PaymentRow.__table__.columns)


def find_payment(subject: Subject) -> PaymentFacts | None:
    """Find the payment of a thing."""
    row = db.session.execute(_of(subject)).first()
    return facts(row) if row else None


def get_payment(payment_id: PaymentId) -> PaymentFacts:
    row = db.session.execute(select(*COLUMNS).where(PaymentRow.id == payment_id)).first()
    if row is None:
        raise NotFound("This payment was not found.")
    return facts(row)


def find_by_provider_ref(provider_ref: str) -> PaymentFacts | None:
    """Find the payment that the provider calls so."""
    row = db.session.execute(select(*COLUMNS).where(PaymentRow.provider_ref == provider_ref)).first()
    return facts(row) if row else None


def provider_ref_of(payment_id: PaymentId) -> str | None:
    """How the provider calls the payment."""
    return db.session.scalar(select(PaymentRow.provider_ref).where(PaymentRow.id == payment_id))


def payments_of(member_id: MemberId, limit: int) -> list[PaymentFacts]:
    """What the member is to pay, to get, or has, newest first."""
    mine = or_(PaymentRow.buyer_id == member_id, PaymentRow.seller_id == member_id)
    query = select(*COLUMNS).where(mine).order_by(PaymentRow.id.desc()).limit(limit)
    return [facts(row) for row in db.session.execute(query)]


def payments_for(kind: str, ids: list[str]) -> dict[str, PaymentFacts]:
    """The payments of many things of one kind, by the things' ids; in one statement."""
    if not ids:
        return {}
    query = select(*COLUMNS).where(PaymentRow.subject_kind == kind, PaymentRow.subject_id.in_(ids))
    found = [facts(row) for row in db.session.execute(query)]
    return {one.subject.id: one for one in found}


def facts(row: Row[*tuple[Any, ...]] | PaymentRow) -> PaymentFacts:
    """One row as others read it."""
    currency = row.currency
    return PaymentFacts(
        id=row.id,
        subject=Subject(row.subject_kind, row.subject_id),
        buyer_id=row.buyer_id,
        seller_id=row.seller_id,
        total=Money(row.amount_minor, currency),
        method=Method(row.method),
        state=State(row.state),
        refunded=Money(row.refunded_minor, currency),
        refund_due=Money(row.refund_due_minor, currency),
        commission_ppm=row.commission_ppm,
        commission=commission(Money(row.amount_minor, currency), row.commission_ppm),
        buyer_said_at=row.buyer_said_at,
        seller_said_at=row.seller_said_at,
        until=row.until,
    )


def _of(subject: Subject) -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).where(PaymentRow.subject_kind == subject.kind, PaymentRow.subject_id == subject.id)
