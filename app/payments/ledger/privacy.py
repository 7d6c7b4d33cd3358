"""What the ledger says of a person."""

from __future__ import annotations

from typing import Any

from app.kernel.ids import MemberId
from app.payments.ledger.queries import caused_by, every_line

NAME = "ledger"


def export(ident: MemberId) -> dict[str, Any]:
    """Every movement on the member's accounts, and what they have caused on others'."""
    movements = [
        {
            "at": line.at.isoformat(),
            "account": line.account,
            "amount": f"{line.amount.major:f}",
            "currency": line.amount.currency,
            "kind": line.kind,
            "state": line.phase,
            "subject": str(line.subject),
            "balance": f"{line.balance.major:f}",
        }
        for line in every_line(ident)
    ]
    caused = [{"at": at.isoformat(), "kind": kind, "subject": str(subject)} for at, kind, subject in caused_by(ident)]
    return {"movements": movements, "caused": caused}


def erase(ident: MemberId) -> None:
    """Nothing goes: the law wants books kept, and they hold the account's number, never a name."""
