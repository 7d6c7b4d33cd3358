"""Bank accounts of members, and what was or can be paid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.kernel.ids import MemberId, PayoutRunId
from app.kernel.money import Money
from app.payments.ledger.models import Account
from app.payments.ledger.values import AccountKind
from app.payments.payouts.models import Payout, PayoutAccount
from app.people.accounts.models import Member
from app.platform.database import db

CURRENCY = "EUR"  # SEPA knows no other


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    holder: str
    iban: str

    @property
    def masked(self) -> str:
        return f"{self.iban[:4]} … {self.iban[-4:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a seller can be paid; without an account it waits."""

    member_id: MemberId
    handle: str
    amount: Money
    account: BankAccount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    id: PayoutRunId
    made_at: datetime
    count: int
    total: Money


def account_of(member_id: MemberId) -> BankAccount | None:
    """Find where the member is paid."""
    row = db.session.execute(
        select(PayoutAccount.holder, PayoutAccount.iban).where(PayoutAccount.member_id == member_id)
    ).first()
    return BankAccount(holder=row.holder, iban=row.iban) if row else None


def claims(limit: int = 500) -> list[Claim]:
    """Whom the house owes money that is not set aside, by the largest amount."""
    free = Account.balance_minor - Account.held_minor
    query = (
        select(Account.owner_id, Member.handle, free.label("free"), PayoutAccount.holder, PayoutAccount.iban)
        .join(Member, Member.id == Account.owner_id)
        .outerjoin(PayoutAccount, PayoutAccount.member_id == Account.owner_id)
        .where(Account.kind == AccountKind.PAYABLE, Account.currency == CURRENCY, free > 0)
        .order_by(free.desc())
        .limit(limit)
    )
    return [
        Claim(
            member_id=row.owner_id,
            handle=row.handle,
            amount=Money(row.free, CURRENCY),
            account=BankAccount(holder=row.holder, iban=row.iban) if row.iban else None,
        )
        for row in db.session.execute(query)
    ]


def runs(limit: int = 20) -> list[Run]:
    """The last runs, newest first."""
    query = (
        select(Payout.run_id, func.min(Payout.made_at), func.count(), func.sum(Payout.amount_minor))
        .group_by(Payout.run_id)
        .order_by(Payout.run_id.desc())
        .limit(limit)
    )
    return [
        Run(id=ident, made_at=at, count=count, total=Money(int(total), CURRENCY))
        for ident, at, count, total in db.session.execute(query)
    ]


def payouts_of(run_id: PayoutRunId) -> list[Payout]:
    """What one run sends, to whom."""
    return list(db.session.scalars(select(Payout).where(Payout.run_id == run_id).order_by(Payout.member_id)))
