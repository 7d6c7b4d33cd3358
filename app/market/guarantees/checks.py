"""What must hold of guarantees."""

from __future__ import annotations

from sqlalchemy import func, select

from app.market.guarantees.models import Guarantee, GuarantorTotal
from app.market.guarantees.values import State
from app.platform.database import db


def run() -> list[str]:
    """What each person has promised is the sum of what they stand in for."""
    sums = select(Guarantee.guarantor_id, Guarantee.currency, func.sum(Guarantee.amount_minor))
    sums = sums.where(Guarantee.state == State.PROMISED.value).group_by(Guarantee.guarantor_id, Guarantee.currency)
    real = {(row[0], row[1]): int(row[2]) for row in db.session.execute(sums)}
    kept = {(row.member_id, row.currency): row.promised_minor for row in db.session.scalars(select(GuarantorTotal))}
    return [
        f"guarantor {member} ({currency}): {kept.get((member, currency), 0)} is not the sum of promises"
        for member, currency in sorted(real.keys() | kept.keys())
        if real.get((member, currency), 0) != kept.get((member, currency), 0)
    ]


CHECKS = {"guarantees": run}
