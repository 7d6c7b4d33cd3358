"""What payouts say of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from app.kernel.ids import MemberId
from app.kernel.money import Money
from app.payments.payouts.models import Payout, PayoutAccount
from app.payments.payouts.queries import account_of
from app.platform.database import db

NAME = "payouts"


def export(ident: MemberId) -> dict[str, Any]:
    """The member's bank account, and what was sent to it."""
    account = account_of(ident)
    rows = db.session.scalars(select(Payout).where(Payout.member_id == ident).order_by(Payout.made_at))
    return {
        "account": {"holder": account.holder, "iban": account.iban} if account else None,
        "payouts": [
            {
                "at": row.made_at.isoformat(),
                "amount": f"{Money(row.amount_minor, row.currency).major:f}",
                "currency": row.currency,
                "iban": row.iban,
            }
            for row in rows
        ],
    }


def erase(ident: MemberId) -> None:
    """The account goes; of what was sent the amount stays, the name and the number go."""
    db.session.execute(delete(PayoutAccount).where(PayoutAccount.member_id == ident))
    db.session.execute(update(Payout).where(Payout.member_id == ident).values(holder="", iban=""))
