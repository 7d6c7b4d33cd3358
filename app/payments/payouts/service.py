"""Saying where one is paid, and paying out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import MemberId, PayoutRunId, PostingKey, new_id
from app.kernel.later import Later
from app.kernel.subjects import Subject
from app.payments.ledger.service import transfer_within
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement
from app.payments.payouts import queries
from app.payments.payouts.events import PayoutMade
from app.payments.payouts.models import Payout, PayoutAccount
from app.payments.payouts.rules import check_holder
from app.people.accounts.queries import require_active, require_role
from app.platform.database import db, unit_of_work
from app.platform.sql import upsert

if TYPE_CHECKING:
    import schwifty
    import sepaxml
else:
    # Few ever ask for them, and every start would wait.
    schwifty = Later("schwifty")
    sepaxml = Later("sepaxml")


def checked_iban(typed: str) -> str:
    """The account number without blanks; raises `Invalid` for one that cannot be."""
    try:
        return str(schwifty.IBAN(typed[:60], validate_bban=True).compact)
    except ValueError as problem:
        raise Invalid("This IBAN isn’t valid. Check each digit.", code="bad_iban") from problem


def save_account(actor: MemberId, holder: str, iban: str) -> None:
    """From now on the member is paid there."""
    row = {"member_id": actor, "holder": check_holder(holder), "iban": checked_iban(iban), "changed_at": clock.now()}
    with unit_of_work():
        require_active(actor)
        upsert(PayoutAccount, row, keys=("member_id",))


def delete_account(actor: MemberId) -> None:
    with unit_of_work():
        db.session.execute(delete(PayoutAccount).where(PayoutAccount.member_id == actor))


def pay_out(actor: MemberId) -> PayoutRunId:
    """Everything that can be paid becomes one run: the balances go down, the file says to whom."""
    with unit_of_work() as unit:
        require_role(actor, "operator")
        ready = [one for one in queries.claims() if one.account is not None]
        if not ready:
            raise Conflict("There is nothing to pay out.", code="nothing_to_pay")
        run_id, now = PayoutRunId(new_id()), clock.now()
        # One transaction over all accounts, taken in one order.
        for start in range(0, len(ready), 100):
            legs = [
                Leg(
                    debit=AccountRef(AccountKind.PAYABLE, one.member_id),
                    credit=AccountRef(AccountKind.BANK),
                    money=one.amount,
                    kind=Movement.PAYOUT,
                    subject=Subject("payout", run_id),
                    member=actor,
                )
                for one in ready[start : start + 100]
            ]
            transfer_within(legs, PostingKey(f"payout:{run_id}:{start}"))
        for one in ready:
            if one.account is None:
                continue
            db.session.add(
                Payout(
                    run_id=run_id,
                    member_id=one.member_id,
                    holder=one.account.holder,
                    iban=one.account.iban,
                    amount_minor=one.amount.minor,
                    currency=one.amount.currency,
                    made_at=now,
                )
            )
            unit.record(
                PayoutMade(
                    run_id=run_id,
                    member_id=one.member_id,
                    amount_minor=one.amount.minor,
                    currency=one.amount.currency,
                )
            )
        return run_id


def bank_file(run_id: PayoutRunId, *, name: str, iban: str | None, today: date) -> bytes:
    """The run as a SEPA credit transfer (pain.001), for the operator's bank."""
    rows = queries.payouts_of(run_id)
    if not rows:
        raise NotFound("This payout was not found.")
    if not iban:
        raise Conflict("Set KINMARKET_PAYOUT_IBAN to the account that payouts leave from.", code="no_payout_iban")
    config = {"name": name[:70], "IBAN": checked_iban(iban), "batch": True, "currency": queries.CURRENCY}
    sepa = sepaxml.SepaTransfer(config, clean=True)
    for row in rows:
        sepa.add_payment({
            "name": row.holder,
            "IBAN": row.iban,
            "amount": row.amount_minor,
            "execution_date": today,
            "description": f"Kinmarket {run_id}",
            "endtoend_id": f"{run_id}-{row.member_id}",
        })  # fmt: skip
    body: bytes = sepa.export(validate=True)
    return body
